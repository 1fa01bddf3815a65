#!/bin/sh
# Calls WeChat with the access_token of the token server. Needs curl 7.70 or later.
#   SERVICE=https://mem.example.com/mp CLIENT_ID=crm CLIENT_SECRET=… APP_ID=wx… sh token-server.sh
set -eu

ACCOUNT=$SERVICE/v1/accounts/$APP_ID
WECHAT_API=${WECHAT_API:-https://api.weixin.qq.com}
KEEP=${KEEP:-$HOME/.token-server/$APP_ID} # the token is kept here between two runs, readable by you alone
umask 077
mkdir -p "$KEEP"

# Everything secret goes to curl on its standard input: arguments are seen by everybody on the machine.
ask() { curl --silent --show-error --fail --max-time 5 --config - "$@"; }
field() { sed -n 's/.*"'"$1"'": *"\{0,1\}\([^",}]*\).*/\1/p'; }

# 1. A service token. It lives two hours; a program that runs on keeps it that long.
SSO_TOKEN=$(ask "$SERVICE/oauth2/ums/oauth2/accessToken" <<END | field access_token
data-urlencode = "grant_type=client_credentials"
data-urlencode = "client_id=$CLIENT_ID"
data-urlencode = "client_secret=$CLIENT_SECRET"
data-urlencode = "applicationKey=${APPLICATION_KEY:-}"
END
)

# 2. The access_token. With the tag of the last one the answer is 304, without a body, while it is the same.
[ -s "$KEEP/token.json" ] || rm -f "$KEEP/etag"
[ -e "$KEEP/etag" ] || : >"$KEEP/etag"
ask "$ACCOUNT/access-token" --etag-compare "$KEEP/etag" --etag-save "$KEEP/etag.new" --output "$KEEP/token.new" <<END
header = "Sso-Token: $SSO_TOKEN"
END
if [ -s "$KEEP/token.new" ]; then mv "$KEEP/token.new" "$KEEP/token.json" && mv "$KEEP/etag.new" "$KEEP/etag"; fi
TOKEN=$(field accessToken <"$KEEP/token.json")

# 3. Any API of WeChat: 200 also when it says no, so look at errcode.
call() {
  ask <<END
url = "$WECHAT_API/cgi-bin/get_api_domain_ip?access_token=$TOKEN"
END
}
ANSWER=$(call)

# 4. Refused? Report it and go on with the token in the answer, once. Never ask WeChat for one yourself.
case $(echo "$ANSWER" | field errcode) in
40001 | 40014 | 42001)
  NEXT=$(ask "$ACCOUNT/access-token/rejected" <<END
header = "Sso-Token: $SSO_TOKEN"
data-urlencode = "accessToken=$TOKEN"
END
  )
  if [ "$(echo "$NEXT" | field replaced)" != true ]; then
    echo 'WeChat refuses the token, and a new one is not granted yet: try again in 30 s' >&2
    exit 1
  fi
  TOKEN=$(echo "$NEXT" | field accessToken)
  ANSWER=$(call)
  ;;
esac
echo "$ANSWER"
case $(echo "$ANSWER" | field errcode) in '' | 0) ;; *) exit 1 ;; esac
