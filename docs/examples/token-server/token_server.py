"""Calls WeChat with the access_token of the token server. Python 3.8 or later, nothing to install.

SERVICE=https://mem.example.com/mp CLIENT_ID=crm CLIENT_SECRET=… APP_ID=wx… python3 token_server.py
"""

import json
import os
import threading
import time
import urllib.error
import urllib.parse
import urllib.request

SERVICE = os.environ["SERVICE"]
ACCOUNT = f"{SERVICE}/v1/accounts/{os.environ['APP_ID']}"
WECHAT_API = os.environ.get("WECHAT_API", "https://api.weixin.qq.com")
CHECK_EVERY_S = float(os.environ.get("CHECK_EVERY_S", "60"))
REFUSED = {40001, 40014, 42001}


class TokenServer:
    """One per process; threads may share it."""

    def __init__(self):
        self._lock = threading.Lock()
        self._sso_token, self._sso_ends_at = None, 0.0
        self._token, self._etag, self._ends_at, self._check_at = None, None, 0.0, 0.0

    def access_token(self):
        """The access_token: from memory, and once a minute by a conditional request that is mostly a 304."""
        with self._lock:
            now = time.monotonic()
            if now < self._check_at and now < self._ends_at:
                return self._token
            try:
                tag = {"If-None-Match": self._etag} if self._etag and now < self._ends_at else {}
                status, headers, body = self._ask("GET", "/access-token", tag)
                if status == 304:
                    self._keep(self._token, self._etag, int(headers["X-Expires-In"]), now)
                elif status == 200:
                    self._keep(body["accessToken"], headers["ETag"], body["expiresIn"], now)
                else:
                    raise RuntimeError(f"token server: {status} {body.get('code')} {body.get('hint')}")
            except (OSError, RuntimeError):
                # The token server is away or has none: what we hold is good until its end.
                if now >= self._ends_at:
                    raise
                self._check_at = now + CHECK_EVERY_S
            return self._token

    def call(self, path):
        """GETs an API of WeChat; when it refuses the token, reports that and tries once more."""
        token = self.access_token()
        answer = self._wechat(path, token)
        if answer.get("errcode") in REFUSED:
            answer = self._wechat(path, self._rejected(token))
        if answer.get("errcode", 0) != 0:
            raise RuntimeError(f"WeChat: {answer['errcode']} {answer.get('errmsg')}")
        return answer

    def _rejected(self, token):
        with self._lock:
            if self._token != token:  # another thread was faster
                return self._token
            now = time.monotonic()
            status, headers, body = self._ask("POST", "/access-token/rejected", {}, {"accessToken": token})
            if status != 200:
                raise RuntimeError(f"token server: {status} {body.get('code')} {body.get('hint')}")
            if not body["replaced"]:
                raise RuntimeError(f"the token is refused; a new one in {headers['Retry-After']} s")
            self._keep(body["accessToken"], None, body["expiresIn"], now)
            return self._token

    def _keep(self, token, etag, expires_in, now):
        self._token, self._etag, self._ends_at = token, etag, now + expires_in
        self._check_at = now + CHECK_EVERY_S

    def _ask(self, method, path, headers, form=None):
        """Asks the token server; when it does not take the service token, with a new one once more."""
        for fresh in (False, True):
            headers = {**headers, "Sso-Token": self._sso(fresh)}
            answer = _send(method, ACCOUNT + path, headers, form)
            if answer[0] != 401:
                break
        return answer

    def _sso(self, fresh):
        now = time.monotonic()
        if fresh or now >= self._sso_ends_at:
            credentials = {
                "grant_type": "client_credentials",
                "client_id": os.environ["CLIENT_ID"],
                "client_secret": os.environ["CLIENT_SECRET"],
                "applicationKey": os.environ.get("APPLICATION_KEY", ""),
            }
            status, _, body = _send("POST", f"{SERVICE}/oauth2/ums/oauth2/accessToken", {}, credentials)
            if status != 200:
                raise RuntimeError(f"service token: {status} {body.get('code')} {body.get('hint')}")
            # expires_in is milliseconds, as text.
            self._sso_ends_at = now + int(body["result"]["expires_in"]) / 1000 - 60
            self._sso_token = body["result"]["access_token"]
        return self._sso_token

    def _wechat(self, path, token):
        query = urllib.parse.urlencode({"access_token": token})
        return _send("GET", f"{WECHAT_API}/{path}?{query}", {})[2]


def _send(method, url, headers, form=None):
    body = None if form is None else urllib.parse.urlencode(form).encode()
    request = urllib.request.Request(url, body, headers, method=method)
    try:
        with urllib.request.urlopen(request, timeout=5) as answer:
            return answer.status, answer.headers, json.loads(answer.read())
    except urllib.error.HTTPError as answer:  # urllib counts 304 among them
        text = answer.read()
        return answer.code, answer.headers, json.loads(text) if text.startswith(b"{") else {}


if __name__ == "__main__":
    server = TokenServer()
    for _ in range(2):
        print(json.dumps(server.call("cgi-bin/get_api_domain_ip")))
