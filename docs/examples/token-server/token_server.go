// Calls WeChat with the access_token of the token server. Go 1.18 or later, nothing to install.
//
//	SERVICE=https://mem.example.com/mp CLIENT_ID=crm CLIENT_SECRET=… APP_ID=wx… go run token_server.go
package main

import (
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"log"
	"net/http"
	"net/url"
	"os"
	"strconv"
	"strings"
	"sync"
	"time"
)

// TokenServer keeps the token of one account. One per process; goroutines may share it.
type TokenServer struct {
	service, account, wechatAPI string
	checkEvery                  time.Duration
	credentials                 url.Values
	http                        http.Client

	mutex           sync.Mutex
	ssoToken        string
	ssoEndsAt       time.Time
	token, etag     string
	endsAt, checkAt time.Time
}

type tokenAnswer struct {
	AccessToken string `json:"accessToken"`
	ExpiresIn   int    `json:"expiresIn"`
	Replaced    bool   `json:"replaced"`
}

// AccessToken comes from memory, and once a minute by a conditional request that is mostly a 304.
func (s *TokenServer) AccessToken() (string, error) {
	s.mutex.Lock()
	defer s.mutex.Unlock()
	now := time.Now()
	if now.Before(s.checkAt) && now.Before(s.endsAt) {
		return s.token, nil
	}
	err := s.check(now)
	if err != nil && now.Before(s.endsAt) {
		// The token server is away or has none: what we hold is good until its end.
		s.checkAt = now.Add(s.checkEvery)
		err = nil
	}
	return s.token, err
}

func (s *TokenServer) check(now time.Time) error {
	header := http.Header{}
	if s.etag != "" && now.Before(s.endsAt) {
		header.Set("If-None-Match", s.etag)
	}
	answer, body, err := s.ask("GET", "/access-token", header, nil)
	if err != nil {
		return err
	}
	if answer.StatusCode == http.StatusNotModified {
		left, err := strconv.Atoi(answer.Header.Get("X-Expires-In"))
		s.keep(s.token, s.etag, left, now)
		return err
	}
	var given tokenAnswer
	if err := readOk(answer, body, &given); err != nil {
		return err
	}
	s.keep(given.AccessToken, answer.Header.Get("ETag"), given.ExpiresIn, now)
	return nil
}

// Call GETs an API of WeChat; when it refuses the token, it reports that and tries once more.
func (s *TokenServer) Call(path string) (string, error) {
	token, err := s.AccessToken()
	if err != nil {
		return "", err
	}
	body, errcode, err := s.wechat(path, token)
	if err == nil && (errcode == 40001 || errcode == 40014 || errcode == 42001) {
		if token, err = s.rejected(token); err != nil {
			return "", err
		}
		body, errcode, err = s.wechat(path, token)
	}
	if err == nil && errcode != 0 {
		err = fmt.Errorf("WeChat: %s", body)
	}
	return body, err
}

func (s *TokenServer) rejected(token string) (string, error) {
	s.mutex.Lock()
	defer s.mutex.Unlock()
	if s.token != token { // another goroutine was faster
		return s.token, nil
	}
	now := time.Now()
	answer, body, err := s.ask("POST", "/access-token/rejected", http.Header{}, url.Values{"accessToken": {token}})
	if err != nil {
		return "", err
	}
	var next tokenAnswer
	if err := readOk(answer, body, &next); err != nil {
		return "", err
	}
	if !next.Replaced {
		return "", fmt.Errorf("the token is refused; a new one in %s s", answer.Header.Get("Retry-After"))
	}
	s.keep(next.AccessToken, "", next.ExpiresIn, now)
	return s.token, nil
}

func (s *TokenServer) keep(token, etag string, expiresIn int, now time.Time) {
	s.token, s.etag = token, etag
	s.endsAt = now.Add(time.Duration(expiresIn) * time.Second)
	s.checkAt = now.Add(s.checkEvery)
}

// ask asks the token server; when it does not take the service token, with a new one once more.
func (s *TokenServer) ask(method, path string, header http.Header, form url.Values) (*http.Response, []byte, error) {
	for _, fresh := range []bool{false, true} {
		sso, err := s.sso(fresh)
		if err != nil {
			return nil, nil, err
		}
		header.Set("Sso-Token", sso)
		answer, body, err := s.send(method, s.account+path, header, form)
		if err != nil || answer.StatusCode != http.StatusUnauthorized || fresh {
			return answer, body, err
		}
	}
	panic("not reached")
}

func (s *TokenServer) sso(fresh bool) (string, error) {
	now := time.Now()
	if !fresh && now.Before(s.ssoEndsAt) {
		return s.ssoToken, nil
	}
	answer, body, err := s.send("POST", s.service+"/oauth2/ums/oauth2/accessToken", http.Header{}, s.credentials)
	if err != nil {
		return "", err
	}
	var given struct {
		Result struct {
			AccessToken string `json:"access_token"`
			ExpiresIn   int64  `json:"expires_in,string"` // milliseconds, as text
		} `json:"result"`
	}
	if err := readOk(answer, body, &given); err != nil {
		return "", err
	}
	s.ssoToken = given.Result.AccessToken
	s.ssoEndsAt = now.Add(time.Duration(given.Result.ExpiresIn)*time.Millisecond - time.Minute)
	return s.ssoToken, nil
}

func (s *TokenServer) wechat(path, token string) (string, int, error) {
	query := url.Values{"access_token": {token}}
	_, body, err := s.send("GET", s.wechatAPI+"/"+path+"?"+query.Encode(), http.Header{}, nil)
	if err != nil {
		return "", 0, err
	}
	var said struct {
		Errcode int `json:"errcode"`
	}
	err = json.Unmarshal(body, &said)
	return string(body), said.Errcode, err
}

func (s *TokenServer) send(method, address string, header http.Header, form url.Values) (*http.Response, []byte, error) {
	request, err := http.NewRequest(method, address, strings.NewReader(form.Encode()))
	if err != nil {
		return nil, nil, err
	}
	request.Header = header.Clone()
	if form != nil {
		request.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	}
	answer, err := s.http.Do(request)
	var withAddress *url.Error
	if errors.As(err, &withAddress) {
		err = withAddress.Err // the address holds the token
	}
	if err != nil {
		return nil, nil, err
	}
	defer answer.Body.Close()
	body, err := io.ReadAll(answer.Body)
	return answer, body, err
}

func readOk(answer *http.Response, body []byte, into any) error {
	if answer.StatusCode == http.StatusOK {
		return json.Unmarshal(body, into)
	}
	var problem struct{ Code, Hint string }
	_ = json.Unmarshal(body, &problem)
	return fmt.Errorf("token server: %d %s %s", answer.StatusCode, problem.Code, problem.Hint)
}

func env(name, otherwise string) string {
	if value, set := os.LookupEnv(name); set {
		return value
	}
	return otherwise
}

func main() {
	checkEvery, err := strconv.Atoi(env("CHECK_EVERY_S", "60"))
	if err != nil {
		log.Fatal(err)
	}
	server := &TokenServer{
		service:    os.Getenv("SERVICE"),
		account:    os.Getenv("SERVICE") + "/v1/accounts/" + os.Getenv("APP_ID"),
		wechatAPI:  env("WECHAT_API", "https://api.weixin.qq.com"),
		checkEvery: time.Duration(checkEvery) * time.Second,
		credentials: url.Values{
			"grant_type":     {"client_credentials"},
			"client_id":      {os.Getenv("CLIENT_ID")},
			"client_secret":  {os.Getenv("CLIENT_SECRET")},
			"applicationKey": {os.Getenv("APPLICATION_KEY")},
		},
		http: http.Client{Timeout: 5 * time.Second},
	}
	for turn := 0; turn < 2; turn++ {
		answer, err := server.Call("cgi-bin/get_api_domain_ip")
		if err != nil {
			log.Fatal(err)
		}
		fmt.Println(answer)
	}
}
