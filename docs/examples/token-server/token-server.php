<?php
// Calls WeChat with the access_token of the token server. PHP 7.4 or later with the curl extension.
//   SERVICE=https://mem.example.com/mp CLIENT_ID=crm CLIENT_SECRET=… APP_ID=wx… php token-server.php

final class TokenServer
{
    private const REFUSED = [40001, 40014, 42001];
    private string $service;
    private string $account;
    private string $wechatApi;
    private float $checkEveryS;
    /** What is kept between requests: in APCu where PHP has it, else as long as this process runs. */
    private array $kept = [];

    public function __construct()
    {
        $this->service = getenv('SERVICE');
        $this->account = $this->service . '/v1/accounts/' . getenv('APP_ID');
        $this->wechatApi = getenv('WECHAT_API') ?: 'https://api.weixin.qq.com';
        $this->checkEveryS = (float) (getenv('CHECK_EVERY_S') === false ? 60 : getenv('CHECK_EVERY_S'));
    }

    /** The access_token: from memory, and once a minute by a conditional request that is mostly a 304. */
    public function accessToken(): string
    {
        $now = microtime(true);
        $kept = $this->recall('token');
        $living = $kept !== null && $now < $kept['endsAt'];
        if ($living && $now < $kept['checkAt']) {
            return $kept['value'];
        }
        try {
            $tag = $living && $kept['etag'] !== null ? ['If-None-Match: ' . $kept['etag']] : [];
            [$status, $headers, $body] = $this->ask('GET', '/access-token', $tag);
            if ($status === 304) {
                return $this->keep($kept['value'], $kept['etag'], (int) $headers['x-expires-in'], $now);
            }
            $this->requireOk($status, $body);
            return $this->keep($body['accessToken'], $headers['etag'] ?? null, $body['expiresIn'], $now);
        } catch (RuntimeException $away) {
            // The token server is away or has none: what we hold is good until its end.
            if (!$living) {
                throw $away;
            }
            $this->remember('token', ['checkAt' => $now + $this->checkEveryS] + $kept);
            return $kept['value'];
        }
    }

    /** GETs an API of WeChat; when it refuses the token, reports that and tries once more. */
    public function call(string $path): array
    {
        $token = $this->accessToken();
        $answer = $this->wechat($path, $token);
        if (in_array($answer['errcode'] ?? 0, self::REFUSED, true)) {
            $answer = $this->wechat($path, $this->rejected($token));
        }
        if (($answer['errcode'] ?? 0) !== 0) {
            throw new RuntimeException("WeChat: {$answer['errcode']} {$answer['errmsg']}");
        }
        return $answer;
    }

    private function rejected(string $token): string
    {
        $now = microtime(true);
        [$status, $headers, $body] = $this->ask('POST', '/access-token/rejected', [], ['accessToken' => $token]);
        $this->requireOk($status, $body);
        if (!$body['replaced']) {
            throw new RuntimeException("the token is refused; a new one in {$headers['retry-after']} s");
        }
        return $this->keep($body['accessToken'], null, $body['expiresIn'], $now);
    }

    private function keep(string $value, ?string $etag, int $expiresIn, float $now): string
    {
        $endsAt = $now + $expiresIn;
        $checkAt = $now + $this->checkEveryS;
        $this->remember('token', compact('value', 'etag', 'endsAt', 'checkAt'));
        return $value;
    }

    /** Asks the token server; when it does not take the service token, with a new one once more. */
    private function ask(string $method, string $path, array $headers, ?array $form = null): array
    {
        $url = $this->account . $path;
        $answer = $this->send($method, $url, [...$headers, 'Sso-Token: ' . $this->sso(false)], $form);
        if ($answer[0] !== 401) {
            return $answer;
        }
        return $this->send($method, $url, [...$headers, 'Sso-Token: ' . $this->sso(true)], $form);
    }

    private function sso(bool $fresh): string
    {
        $now = microtime(true);
        $kept = $this->recall('sso');
        if (!$fresh && $kept !== null && $now < $kept['endsAt']) {
            return $kept['value'];
        }
        [$status, , $body] = $this->send('POST', $this->service . '/oauth2/ums/oauth2/accessToken', [], [
            'grant_type' => 'client_credentials',
            'client_id' => getenv('CLIENT_ID'),
            'client_secret' => getenv('CLIENT_SECRET'),
            'applicationKey' => getenv('APPLICATION_KEY') ?: '',
        ]);
        $this->requireOk($status, $body);
        // expires_in is milliseconds, as text.
        $endsAt = $now + $body['result']['expires_in'] / 1000 - 60;
        $this->remember('sso', ['value' => $body['result']['access_token'], 'endsAt' => $endsAt]);
        return $body['result']['access_token'];
    }

    private function wechat(string $path, string $token): array
    {
        return $this->send('GET', "$this->wechatApi/$path?" . http_build_query(['access_token' => $token]), [])[2];
    }

    private function requireOk(int $status, array $body): void
    {
        if ($status !== 200) {
            throw new RuntimeException("token server: $status " . ($body['code'] ?? '') . ' ' . ($body['hint'] ?? ''));
        }
    }

    /** @return array{int, array<string, string>, array} status, headers by lower-case name, JSON */
    private function send(string $method, string $url, array $headers, ?array $form = null): array
    {
        $received = [];
        $curl = curl_init($url);
        curl_setopt_array($curl, [
            CURLOPT_CUSTOMREQUEST => $method,
            CURLOPT_HTTPHEADER => $headers,
            CURLOPT_RETURNTRANSFER => true,
            CURLOPT_TIMEOUT => 5,
            CURLOPT_HEADERFUNCTION => function ($curl, string $line) use (&$received): int {
                [$name, $value] = explode(':', $line, 2) + [1 => ''];
                $received[strtolower($name)] = trim($value);
                return strlen($line);
            },
        ]);
        if ($form !== null) {
            curl_setopt($curl, CURLOPT_POSTFIELDS, http_build_query($form));
        }
        $text = curl_exec($curl);
        if ($text === false) {
            throw new RuntimeException(curl_error($curl));
        }
        return [curl_getinfo($curl, CURLINFO_RESPONSE_CODE), $received, json_decode($text, true) ?? []];
    }

    private function recall(string $name): ?array
    {
        $shared = function_exists('apcu_enabled') && apcu_enabled() ? apcu_fetch("$this->account $name") : false;
        return $shared === false ? $this->kept[$name] ?? null : $shared;
    }

    private function remember(string $name, array $what): void
    {
        $this->kept[$name] = $what;
        if (function_exists('apcu_enabled') && apcu_enabled()) {
            apcu_store("$this->account $name", $what, 7200);
        }
    }
}

$server = new TokenServer();
for ($turn = 0; $turn < 2; $turn++) {
    echo json_encode($server->call('cgi-bin/get_api_domain_ip')), "\n";
}
