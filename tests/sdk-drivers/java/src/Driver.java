import com.google.gson.Gson;
import com.google.gson.GsonBuilder;
import com.google.gson.JsonElement;
import com.google.gson.JsonParseException;
import com.google.gson.JsonParser;
import com.stripe.StripeClient;
import com.stripe.exception.StripeException;
import com.stripe.model.Customer;
import com.stripe.model.File;
import com.stripe.model.PaymentIntent;
import com.stripe.model.v2.billing.MeterEvent;
import com.stripe.model.v2.core.EventDestination;
import com.stripe.param.CustomerListParams;
import com.stripe.param.FileCreateParams;
import com.stripe.param.PaymentIntentCreateParams;
import com.stripe.param.v2.billing.MeterEventCreateParams;
import com.stripe.param.v2.core.EventDestinationListParams;
import com.twilio.exception.ApiException;
import com.twilio.http.HttpClient;
import com.twilio.http.NetworkHttpClient;
import com.twilio.http.Request;
import com.twilio.http.Response;
import com.twilio.http.TwilioRestClient;
import com.twilio.rest.api.v2010.account.Message;
import com.twilio.rest.verify.v2.Service;
import com.twilio.rest.verify.v2.service.Verification;
import com.twilio.type.PhoneNumber;
import java.io.BufferedReader;
import java.io.ByteArrayInputStream;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.io.PrintStream;
import java.net.MalformedURLException;
import java.net.URL;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.apache.hc.client5.http.config.RequestConfig;
import org.apache.hc.core5.http.io.SocketConfig;
import org.apache.hc.core5.util.Timeout;

/**
 * stripe-java and twilio-java as they are, driven by lines of JSON on stdin and answering with lines of JSON on stdout
 * (tests/support/drivers.ts has the protocol). It replaces nothing in them: what they send and raise is theirs.
 */
public final class Driver {
  private static final Gson JSON = new GsonBuilder().serializeNulls().disableHtmlEscaping().create();

  private static final class Order {
    String id;
    String vendor;
    String base_url;
    String key;
    String account_sid;
    String scenario;
    String target;
    Integer timeout_ms;
    Integer retries;

    String target(String otherwise) {
      return target == null ? otherwise : target;
    }
  }

  private interface Act {
    Object on(Order order) throws Exception;
  }

  // ---------------------------------------------------------------------------------------------------------------- Stripe

  private static StripeClient stripeOf(Order order) {
    StripeClient.StripeClientBuilder builder =
        StripeClient.builder()
            .setApiKey(order.key)
            .setApiBase(order.base_url)
            .setFilesBase(order.base_url)
            .setConnectBase(order.base_url)
            .setMeterEventsBase(order.base_url);
    if (order.timeout_ms != null) builder.setReadTimeout(order.timeout_ms);
    if (order.retries != null) builder.setMaxNetworkRetries(order.retries);
    return builder.build();
  }

  private static Object pay(Order order) throws StripeException {
    PaymentIntentCreateParams.AutomaticPaymentMethods withoutRedirects =
        PaymentIntentCreateParams.AutomaticPaymentMethods.builder()
            .setEnabled(true)
            .setAllowRedirects(PaymentIntentCreateParams.AutomaticPaymentMethods.AllowRedirects.NEVER)
            .build();
    PaymentIntentCreateParams params =
        PaymentIntentCreateParams.builder()
            .setAmount(1000L)
            .setCurrency("usd")
            .setPaymentMethod("pm_card_visa")
            .setAutomaticPaymentMethods(withoutRedirects)
            .setConfirm(true)
            .build();
    PaymentIntent intent = stripeOf(order).v1().paymentIntents().create(params);
    return answer("id", intent.getId(), "status", intent.getStatus());
  }

  private static Object readIntent(Order order) throws StripeException {
    PaymentIntent intent = stripeOf(order).v1().paymentIntents().retrieve(order.target("pi_missing"));
    return answer("id", intent.getId(), "status", intent.getStatus());
  }

  private static Object listCustomers(Order order) throws StripeException {
    List<String> ids = new ArrayList<>();
    CustomerListParams two = CustomerListParams.builder().setLimit(2L).build();
    for (Customer each : stripeOf(order).v1().customers().list(two).autoPagingIterable()) ids.add(each.getId());
    return answer("ids", ids);
  }

  private static Object deleteCustomer(Order order) throws StripeException {
    Customer gone = stripeOf(order).v1().customers().delete(order.target("cus_missing"));
    return answer("id", gone.getId(), "deleted", gone.getDeleted());
  }

  /** 300,000 bytes, the same in every language: byte i is i modulo 251. */
  private static InputStream fileOf300KB() {
    byte[] content = new byte[300_000];
    for (int i = 0; i < content.length; i++) content[i] = (byte) (i % 251);
    return new ByteArrayInputStream(content);
  }

  private static Object upload(Order order) throws StripeException {
    FileCreateParams params =
        FileCreateParams.builder()
            .setPurpose(FileCreateParams.Purpose.DISPUTE_EVIDENCE)
            .setFile(fileOf300KB())
            .build();
    File file = stripeOf(order).v1().files().create(params);
    return answer("id", file.getId(), "size", file.getSize());
  }

  private static Object download(Order order) throws Exception {
    MessageDigest digest = MessageDigest.getInstance("SHA-256");
    try (InputStream pdf = stripeOf(order).v1().quotes().pdf(order.target("qt_missing"))) {
      byte[] content = pdf.readAllBytes();
      return answer("sha256", HexFormat.of().formatHex(digest.digest(content)), "bytes", content.length);
    }
  }

  private static Object listDestinations(Order order) throws StripeException {
    List<String> ids = new ArrayList<>();
    EventDestinationListParams two = EventDestinationListParams.builder().setLimit(2L).build();
    for (EventDestination each : stripeOf(order).v2().core().eventDestinations().list(two).autoPagingIterable())
      ids.add(each.getId());
    return answer("ids", ids);
  }

  private static Object meter(Order order) throws StripeException {
    MeterEventCreateParams params =
        MeterEventCreateParams.builder()
            .setEventName("calls")
            .setIdentifier("keybrake-1")
            .putPayload("stripe_customer_id", "cus_1")
            .putPayload("value", "3")
            .build();
    MeterEvent event = stripeOf(order).v2().billing().meterEvents().create(params);
    return answer("identifier", event.getIdentifier());
  }

  // ---------------------------------------------------------------------------------------------------------------- Twilio

  /** Twilio's hosts are constants of the SDK; its HttpClient is the place to say otherwise. */
  private static final class Rerouted extends NetworkHttpClient {
    private final String base;

    Rerouted(String base) {
      this.base = base;
    }

    Rerouted(String base, RequestConfig patience, SocketConfig socket) {
      super(patience, socket);
      this.base = base;
    }

    @Override
    public Response makeRequest(Request request) {
      return super.makeRequest(new Moved(request, base));
    }
  }

  /** The same request elsewhere: the product's name moves from the host into the path, or it would be lost. */
  private static final class Moved extends Request {
    private final Request original;
    private final String base;

    Moved(Request original, String base) {
      super(original.getMethod(), original.getUrl());
      this.original = original;
      this.base = base;
      if (original.getAuthStrategy() != null) setAuth(original.getAuthStrategy());
      else setAuth(original.getUsername(), original.getPassword());
      setContentType(original.getContentType());
      setBody(original.getBody());
      setUserAgentExtensions(original.getUserAgentExtensions());
      if (original.getFormParameters() != null) setFormParameters(original.getFormParameters());
      original.getHeaderParams().forEach((name, values) -> values.forEach(each -> addHeaderParam(name, each)));
      original.getPostParams().forEach((name, values) -> values.forEach(each -> addPostParam(name, each)));
      original.getQueryParams().forEach((name, values) -> values.forEach(each -> addQueryParam(name, each)));
    }

    @Override
    public URL constructURL() {
      URL url = original.constructURL();
      String host = url.getHost();
      if (!host.endsWith(".twilio.com")) return url;
      String product = host.substring(0, host.indexOf('.'));
      try {
        return new URL(base + (product.equals("api") ? "" : "/" + product) + url.getFile());
      } catch (MalformedURLException problem) {
        throw new IllegalArgumentException(problem);
      }
    }
  }

  private static TwilioRestClient twilioOf(Order order) {
    HttpClient elsewhere = new Rerouted(order.base_url);
    if (order.timeout_ms != null) {
      Timeout patience = Timeout.of(order.timeout_ms, TimeUnit.MILLISECONDS);
      RequestConfig request = RequestConfig.custom().setResponseTimeout(patience).build();
      elsewhere = new Rerouted(order.base_url, request, SocketConfig.custom().setSoTimeout(patience).build());
    }
    return new TwilioRestClient.Builder(order.account_sid, order.key).httpClient(elsewhere).build();
  }

  private static Object sendMessage(Order order) {
    Message message =
        Message.creator(new PhoneNumber("+14155550100"), new PhoneNumber("+15005550006"), "Your table is ready.")
            .create(twilioOf(order));
    return answer("id", message.getSid(), "status", String.valueOf(message.getStatus()));
  }

  private static Object readMessage(Order order) {
    Message message = Message.fetcher(order.target("SM" + "0".repeat(32))).fetch(twilioOf(order));
    return answer("id", message.getSid(), "status", String.valueOf(message.getStatus()));
  }

  private static Object listMessages(Order order) {
    TwilioRestClient client = twilioOf(order);
    List<String> ids = new ArrayList<>();
    for (Message each : Message.reader().pageSize(2).read(client)) ids.add(each.getSid());
    List<String> services = new ArrayList<>();
    for (Service each : Service.reader().pageSize(2).read(client)) services.add(each.getSid());
    return answer("ids", ids, "services", services);
  }

  private static Object deleteMessage(Order order) {
    String target = order.target("SM" + "0".repeat(32));
    return answer("id", target, "deleted", Message.deleter(target).delete(twilioOf(order)));
  }

  private static Object lookup(Order order) {
    com.twilio.rest.lookups.v2.PhoneNumber found =
        com.twilio.rest.lookups.v2.PhoneNumber.fetcher("+14155550100")
            .setFields("line_type_intelligence")
            .fetch(twilioOf(order));
    return answer("phone_number", String.valueOf(found.getPhoneNumber()), "valid", found.getValid());
  }

  private static Object verify(Order order) {
    Verification sent =
        Verification.creator(order.target("VA" + "0".repeat(32)), "+14155550100", "sms").create(twilioOf(order));
    return answer("id", sent.getSid(), "status", sent.getStatus());
  }

  // ---------------------------------------------------------------------------------------------------------- the protocol

  /** resend-java is missing: its base URL is a constant. */
  private static final Map<String, Map<String, Act>> VENDORS =
      Map.of(
          "stripe",
          Map.ofEntries(
              Map.entry("create", Driver::pay),
              Map.entry("refused", Driver::pay),
              Map.entry("revoked", Driver::pay),
              Map.entry("timeout", Driver::pay),
              Map.entry("not_found", Driver::readIntent),
              Map.entry("server_error", Driver::readIntent),
              Map.entry("list", Driver::listCustomers),
              Map.entry("delete", Driver::deleteCustomer),
              Map.entry("upload", Driver::upload),
              Map.entry("download", Driver::download),
              Map.entry("v2", Driver::listDestinations),
              Map.entry("v2_write", Driver::meter)),
          "twilio",
          Map.ofEntries(
              Map.entry("create", Driver::sendMessage),
              Map.entry("refused", Driver::sendMessage),
              Map.entry("revoked", Driver::sendMessage),
              Map.entry("timeout", Driver::sendMessage),
              Map.entry("not_found", Driver::readMessage),
              Map.entry("server_error", Driver::readMessage),
              Map.entry("list", Driver::listMessages),
              Map.entry("delete", Driver::deleteMessage),
              Map.entry("lookup", Driver::lookup),
              Map.entry("verify", Driver::verify)));

  /** Names and values in turn. */
  private static Map<String, Object> answer(Object... pairs) {
    Map<String, Object> made = new LinkedHashMap<>();
    for (int i = 0; i < pairs.length; i += 2) made.put((String) pairs[i], pairs[i + 1]);
    return made;
  }

  /** What a program can read of an error, by the SDK's own names. */
  private static Object saidBy(Exception error) {
    String name = error.getClass().getSimpleName();
    if (error instanceof StripeException stripe) {
      // Without the code and the request id that getMessage() adds; v2 errors have only that one.
      String plain = stripe.getStripeError() == null ? null : stripe.getUserMessage();
      String message = plain == null ? stripe.getMessage() : plain;
      Map<String, Object> said =
          answer("class", name, "code", stripe.getCode(), "status", stripe.getStatusCode(), "message", message);
      if (stripe.getStripeError() != null && stripe.getStripeError().getLastResponse() != null)
        said.put("details", errorObjectOf(stripe.getStripeError().getLastResponse().body()));
      return said;
    }
    if (error instanceof ApiException twilio) {
      Map<String, Object> said = answer("class", name, "code", twilio.getCode(), "status", twilio.getStatusCode());
      said.put("message", twilio.getMessage());
      said.put("details", twilio.getDetails());
      return said;
    }
    return answer("class", name, "code", null, "status", null, "message", String.valueOf(error.getMessage()));
  }

  private static Object errorObjectOf(String body) {
    try {
      JsonElement whole = JsonParser.parseString(body);
      return whole.isJsonObject() ? whole.getAsJsonObject().get("error") : null;
    } catch (JsonParseException noJson) {
      return null;
    }
  }

  private static Object obey(Order order) {
    Act act = VENDORS.getOrDefault(order.vendor, Map.of()).get(order.scenario);
    if (act == null) return answer("id", order.id, "fault", "no " + order.vendor + " " + order.scenario);
    long started = System.nanoTime();
    Map<String, Object> result;
    try {
      result = answer("id", order.id, "ok", true, "value", act.on(order));
    } catch (Exception error) {
      result = answer("id", order.id, "ok", false, "error", saidBy(error));
    }
    result.put("ms", (System.nanoTime() - started) / 1_000_000);
    return result;
  }

  public static void main(String[] arguments) throws Exception {
    // Answers go here and nowhere else; whatever an SDK prints is not one.
    PrintStream answers = new PrintStream(System.out, true, StandardCharsets.UTF_8);
    System.setOut(System.err);
    BufferedReader lines = new BufferedReader(new InputStreamReader(System.in, StandardCharsets.UTF_8));
    for (String line = lines.readLine(); line != null; line = lines.readLine())
      answers.println(JSON.toJson(obey(JSON.fromJson(line, Order.class))));
  }
}
