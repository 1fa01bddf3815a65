import java.io.IOException;
import java.net.URI;
import java.net.URLEncoder;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Map;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/**
 * Calls WeChat with the access_token of the token server. JDK 11 or later, nothing to install.
 *
 * SERVICE=https://mem.example.com/mp CLIENT_ID=crm CLIENT_SECRET=… APP_ID=wx… java TokenServer.java
 *
 * One per process; threads may share it.
 */
public final class TokenServer {
    private static final String SERVICE = env("SERVICE", null);
    private static final String ACCOUNT = SERVICE + "/v1/accounts/" + env("APP_ID", null);
    private static final String WECHAT_API = env("WECHAT_API", "https://api.weixin.qq.com");
    private static final long CHECK_EVERY_S = Long.parseLong(env("CHECK_EVERY_S", "60"));
    private static final Set<String> REFUSED = Set.of("40001", "40014", "42001");

    private final HttpClient http = HttpClient.newHttpClient();
    private String ssoToken;
    private double ssoEndsAt;
    private String token;
    private String etag;
    private double endsAt;
    private double checkAt;

    public static void main(String[] args) throws Exception {
        TokenServer server = new TokenServer();
        for (int turn = 0; turn < 2; turn++) {
            System.out.println(server.call("cgi-bin/get_api_domain_ip"));
        }
    }

    /** The access_token: from memory, and once a minute by a conditional request that is mostly a 304. */
    public synchronized String accessToken() throws IOException, InterruptedException {
        double now = now();
        if (now < checkAt && now < endsAt) return token;
        try {
            HttpRequest.Builder request = HttpRequest.newBuilder(URI.create(ACCOUNT + "/access-token"));
            if (etag != null && now < endsAt) request.header("If-None-Match", etag);
            HttpResponse<String> answer = ask(request);
            if (answer.statusCode() == 304) {
                keep(token, etag, answer.headers().firstValue("X-Expires-In").orElse("0"), now);
            } else {
                requireOk(answer);
                String tag = answer.headers().firstValue("ETag").orElse(null);
                keep(field(answer.body(), "accessToken"), tag, field(answer.body(), "expiresIn"), now);
            }
        } catch (IOException away) {
            // The token server is away or has none: what we hold is good until its end.
            if (now >= endsAt) throw away;
            checkAt = now + CHECK_EVERY_S;
        }
        return token;
    }

    /** GETs an API of WeChat; when it refuses the token, reports that and tries once more. */
    public String call(String path) throws IOException, InterruptedException {
        String used = accessToken();
        String answer = wechat(path, used);
        if (REFUSED.contains(field(answer, "errcode"))) answer = wechat(path, rejected(used));
        String errcode = field(answer, "errcode");
        if (!errcode.isEmpty() && !errcode.equals("0")) throw new IOException("WeChat: " + answer);
        return answer;
    }

    private synchronized String rejected(String refused) throws IOException, InterruptedException {
        if (!refused.equals(token)) return token; // another thread was faster
        double now = now();
        HttpResponse<String> answer = ask(HttpRequest.newBuilder(URI.create(ACCOUNT + "/access-token/rejected"))
            .header("Content-Type", "application/x-www-form-urlencoded")
            .POST(BodyPublishers.ofString(form(Map.of("accessToken", refused)))));
        requireOk(answer);
        if (!"true".equals(field(answer.body(), "replaced"))) {
            String seconds = answer.headers().firstValue("Retry-After").orElse("30");
            throw new IOException("the token is refused; a new one in " + seconds + " s");
        }
        keep(field(answer.body(), "accessToken"), null, field(answer.body(), "expiresIn"), now);
        return token;
    }

    private void keep(String value, String tag, String expiresIn, double now) {
        token = value;
        etag = tag;
        endsAt = now + Long.parseLong(expiresIn);
        checkAt = now + CHECK_EVERY_S;
    }

    /** Asks the token server; when it does not take the service token, with a new one once more. */
    private HttpResponse<String> ask(HttpRequest.Builder request) throws IOException, InterruptedException {
        HttpResponse<String> answer = send(request.setHeader("Sso-Token", sso(false)));
        return answer.statusCode() == 401 ? send(request.setHeader("Sso-Token", sso(true))) : answer;
    }

    private String sso(boolean fresh) throws IOException, InterruptedException {
        double now = now();
        if (!fresh && now < ssoEndsAt) return ssoToken;
        String credentials = form(Map.of(
            "grant_type", "client_credentials",
            "client_id", env("CLIENT_ID", null),
            "client_secret", env("CLIENT_SECRET", null),
            "applicationKey", env("APPLICATION_KEY", "")));
        HttpResponse<String> answer = send(
            HttpRequest.newBuilder(URI.create(SERVICE + "/oauth2/ums/oauth2/accessToken"))
                .header("Content-Type", "application/x-www-form-urlencoded")
                .POST(BodyPublishers.ofString(credentials)));
        requireOk(answer);
        // expires_in is milliseconds, as text.
        ssoEndsAt = now + Long.parseLong(field(answer.body(), "expires_in")) / 1000.0 - 60;
        ssoToken = field(answer.body(), "access_token");
        return ssoToken;
    }

    private String wechat(String path, String accessToken) throws IOException, InterruptedException {
        String query = form(Map.of("access_token", accessToken));
        return send(HttpRequest.newBuilder(URI.create(WECHAT_API + "/" + path + "?" + query))).body();
    }

    private HttpResponse<String> send(HttpRequest.Builder request) throws IOException, InterruptedException {
        return http.send(request.timeout(Duration.ofSeconds(5)).build(), BodyHandlers.ofString());
    }

    private static void requireOk(HttpResponse<String> answer) throws IOException {
        if (answer.statusCode() == 200) return;
        String hint = field(answer.body(), "code") + " " + field(answer.body(), "hint");
        throw new IOException("token server: " + answer.statusCode() + " " + hint);
    }

    /** A field of a flat answer, or "". The JDK has no JSON: in a project of yours use Jackson or Gson instead. */
    private static String field(String json, String name) {
        Matcher found = Pattern.compile("\"" + name + "\":\\s*(?:\"((?:[^\"\\\\]|\\\\.)*)\"|([\\w.-]+))").matcher(json);
        if (!found.find()) return "";
        return found.group(1) == null ? found.group(2) : found.group(1);
    }

    private static String form(Map<String, String> fields) {
        return fields.entrySet().stream()
            .map(field -> field.getKey() + "=" + URLEncoder.encode(field.getValue(), StandardCharsets.UTF_8))
            .collect(Collectors.joining("&"));
    }

    private static String env(String name, String otherwise) {
        String value = System.getenv().getOrDefault(name, otherwise);
        if (value == null) throw new IllegalStateException(name + " is not set");
        return value;
    }

    /** Seconds of a clock that nobody sets. */
    private static double now() {
        return System.nanoTime() / 1e9;
    }
}
