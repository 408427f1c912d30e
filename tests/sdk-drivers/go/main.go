// stripe-go, twilio-go and resend-go as they are, driven by lines of JSON on stdin and answering with lines of JSON on stdout
// (tests/support/drivers.ts has the protocol). It replaces nothing in them: what they send and raise is theirs.
package main

import (
	"bufio"
	"bytes"
	"context"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/url"
	"os"
	"strings"
	"time"

	"github.com/resend/resend-go/v3"
	"github.com/stripe/stripe-go/v85"
	"github.com/twilio/twilio-go"
	twilioclient "github.com/twilio/twilio-go/client"
	api "github.com/twilio/twilio-go/rest/api/v2010"
	lookups "github.com/twilio/twilio-go/rest/lookups/v2"
	verify "github.com/twilio/twilio-go/rest/verify/v2"
)

type order struct {
	ID         string `json:"id"`
	Vendor     string `json:"vendor"`
	BaseURL    string `json:"base_url"`
	Key        string `json:"key"`
	AccountSid string `json:"account_sid"`
	Scenario   string `json:"scenario"`
	Target     string `json:"target"`
	TimeoutMs  *int64 `json:"timeout_ms"`
	Retries    *int64 `json:"retries"`
}

type value map[string]any

type act func(order) (value, error)

func (o order) target(otherwise string) string {
	if o.Target == "" {
		return otherwise
	}
	return o.Target
}

func (o order) timeout() (time.Duration, bool) {
	if o.TimeoutMs == nil {
		return 0, false
	}
	return time.Duration(*o.TimeoutMs) * time.Millisecond, true
}

// ------------------------------------------------------------------------------------------------------------------- Stripe

// One URL for all four hosts of Stripe; nothing else is set but what the order asks for.
func stripeOf(o order) *stripe.Client {
	config := &stripe.BackendConfig{URL: stripe.String(o.BaseURL), MaxNetworkRetries: o.Retries}
	config.LeveledLogger = &stripe.LeveledLogger{Level: stripe.LevelNull}
	if timeout, ok := o.timeout(); ok {
		config.HTTPClient = &http.Client{Timeout: timeout}
	}
	return stripe.NewClient(o.Key, stripe.WithBackends(stripe.NewBackendsWithConfig(config)))
}

func pay(o order) (value, error) {
	intent, err := stripeOf(o).V1PaymentIntents.Create(context.Background(), &stripe.PaymentIntentCreateParams{
		Amount:        stripe.Int64(1000),
		Currency:      stripe.String("usd"),
		PaymentMethod: stripe.String("pm_card_visa"),
		AutomaticPaymentMethods: &stripe.PaymentIntentCreateAutomaticPaymentMethodsParams{
			Enabled:        stripe.Bool(true),
			AllowRedirects: stripe.String("never"),
		},
		Confirm: stripe.Bool(true),
	})
	if err != nil {
		return nil, err
	}
	return value{"id": intent.ID, "status": intent.Status}, nil
}

func readIntent(o order) (value, error) {
	intent, err := stripeOf(o).V1PaymentIntents.Retrieve(context.Background(), o.target("pi_missing"), nil)
	if err != nil {
		return nil, err
	}
	return value{"id": intent.ID, "status": intent.Status}, nil
}

func listCustomers(o order) (value, error) {
	params := &stripe.CustomerListParams{}
	params.Limit = stripe.Int64(2)
	ids := []string{}
	for customer, err := range stripeOf(o).V1Customers.List(context.Background(), params).All(context.Background()) {
		if err != nil {
			return nil, err
		}
		ids = append(ids, customer.ID)
	}
	return value{"ids": ids}, nil
}

func deleteCustomer(o order) (value, error) {
	gone, err := stripeOf(o).V1Customers.Delete(context.Background(), o.target("cus_missing"), nil)
	if err != nil {
		return nil, err
	}
	return value{"id": gone.ID, "deleted": gone.Deleted}, nil
}

// 300,000 bytes, the same in every language: byte i is i modulo 251.
func fileOf300KB() io.Reader {
	content := make([]byte, 300_000)
	for i := range content {
		content[i] = byte(i % 251)
	}
	return bytes.NewReader(content)
}

func upload(o order) (value, error) {
	file, err := stripeOf(o).V1Files.Create(context.Background(), &stripe.FileCreateParams{
		Purpose:    stripe.String("dispute_evidence"),
		FileReader: fileOf300KB(),
		Filename:   stripe.String("evidence.txt"),
	})
	if err != nil {
		return nil, err
	}
	return value{"id": file.ID, "size": file.Size}, nil
}

func download(o order) (value, error) {
	stream, err := stripeOf(o).V1Quotes.PDF(context.Background(), o.target("qt_missing"), nil)
	if err != nil {
		return nil, err
	}
	defer stream.LastResponse.Body.Close()
	hash := sha256.New()
	count, err := io.Copy(hash, stream.LastResponse.Body)
	if err != nil {
		return nil, err
	}
	return value{"sha256": hex.EncodeToString(hash.Sum(nil)), "bytes": count}, nil
}

func listDestinations(o order) (value, error) {
	params := &stripe.V2CoreEventDestinationListParams{Limit: stripe.Int64(2)}
	ids := []string{}
	for each, err := range stripeOf(o).V2CoreEventDestinations.List(context.Background(), params).All(context.Background()) {
		if err != nil {
			return nil, err
		}
		ids = append(ids, each.ID)
	}
	return value{"ids": ids}, nil
}

func meter(o order) (value, error) {
	event, err := stripeOf(o).V2BillingMeterEvents.Create(context.Background(), &stripe.V2BillingMeterEventCreateParams{
		EventName:  stripe.String("calls"),
		Identifier: stripe.String("keybrake-1"),
		Payload:    map[string]string{"stripe_customer_id": "cus_1", "value": "3"},
	})
	if err != nil {
		return nil, err
	}
	return value{"identifier": event.Identifier}, nil
}

// ------------------------------------------------------------------------------------------------------------------- Twilio

// Twilio's hosts are constants of the SDK; a RoundTripper is its one place to say otherwise. The product's name moves from the host
// into the path, or it would be lost.
type rerouted struct{ base *url.URL }

func (r rerouted) RoundTrip(request *http.Request) (*http.Response, error) {
	product, isTwilio := strings.CutSuffix(request.URL.Host, ".twilio.com")
	if !isTwilio {
		return http.DefaultTransport.RoundTrip(request)
	}
	moved := request.Clone(request.Context())
	moved.URL.Scheme, moved.URL.Host, moved.Host = r.base.Scheme, r.base.Host, ""
	prefix := r.base.Path
	if product != "api" {
		prefix += "/" + product
	}
	moved.URL.Path = prefix + request.URL.Path
	if request.URL.RawPath != "" {
		moved.URL.RawPath = prefix + request.URL.RawPath
	}
	return http.DefaultTransport.RoundTrip(moved)
}

// As the SDK makes its own client: ten seconds, and no redirect is followed.
const twilioPatience = 10 * time.Second

func twilioOf(o order) (*twilio.RestClient, error) {
	base, err := url.Parse(o.BaseURL)
	if err != nil {
		return nil, err
	}
	patience := twilioPatience
	if timeout, ok := o.timeout(); ok {
		patience = timeout
	}
	client := &twilioclient.Client{
		Credentials: twilioclient.NewCredentials(o.AccountSid, o.Key),
		HTTPClient: &http.Client{
			Transport:     rerouted{base},
			Timeout:       patience,
			CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse },
		},
	}
	client.SetAccountSid(o.AccountSid)
	return twilio.NewRestClientWithParams(twilio.ClientParams{Client: client}), nil
}

func sendMessage(o order) (value, error) {
	client, err := twilioOf(o)
	if err != nil {
		return nil, err
	}
	params := &api.CreateMessageParams{}
	params.SetTo("+14155550100").SetFrom("+15005550006").SetBody("Your table is ready.")
	message, err := client.Api.CreateMessage(params)
	if err != nil {
		return nil, err
	}
	return value{"id": message.Sid, "status": message.Status}, nil
}

func readMessage(o order) (value, error) {
	client, err := twilioOf(o)
	if err != nil {
		return nil, err
	}
	message, err := client.Api.FetchMessage(o.target("SM"+strings.Repeat("0", 32)), nil)
	if err != nil {
		return nil, err
	}
	return value{"id": message.Sid, "status": message.Status}, nil
}

func listMessages(o order) (value, error) {
	client, err := twilioOf(o)
	if err != nil {
		return nil, err
	}
	pageOfTwo := 2
	messages, err := client.Api.ListMessage(&api.ListMessageParams{PageSize: &pageOfTwo})
	if err != nil {
		return nil, err
	}
	services, err := client.VerifyV2.ListService(&verify.ListServiceParams{PageSize: &pageOfTwo})
	if err != nil {
		return nil, err
	}
	ids, serviceIds := []*string{}, []*string{}
	for _, each := range messages {
		ids = append(ids, each.Sid)
	}
	for _, each := range services {
		serviceIds = append(serviceIds, each.Sid)
	}
	return value{"ids": ids, "services": serviceIds}, nil
}

func deleteMessage(o order) (value, error) {
	client, err := twilioOf(o)
	if err != nil {
		return nil, err
	}
	target := o.target("SM" + strings.Repeat("0", 32))
	if err := client.Api.DeleteMessage(target, nil); err != nil {
		return nil, err
	}
	return value{"id": target, "deleted": true}, nil
}

func lookup(o order) (value, error) {
	client, err := twilioOf(o)
	if err != nil {
		return nil, err
	}
	params := &lookups.FetchPhoneNumberParams{}
	params.SetFields("line_type_intelligence")
	found, err := client.LookupsV2.FetchPhoneNumber("+14155550100", params)
	if err != nil {
		return nil, err
	}
	return value{"phone_number": found.PhoneNumber, "valid": found.Valid}, nil
}

func startVerification(o order) (value, error) {
	client, err := twilioOf(o)
	if err != nil {
		return nil, err
	}
	params := &verify.CreateVerificationParams{}
	params.SetTo("+14155550100").SetChannel("sms")
	sent, err := client.VerifyV2.CreateVerification(o.target("VA"+strings.Repeat("0", 32)), params)
	if err != nil {
		return nil, err
	}
	return value{"id": sent.Sid, "status": sent.Status}, nil
}

// ------------------------------------------------------------------------------------------------------------------- Resend

// Well-formed, and nobody's.
const noMail = "00000000-0000-4000-8000-000000000000"

func resendOf(o order) (*resend.Client, error) {
	// Without the slash at the end, the last part of the path would silently be dropped.
	base, err := url.Parse(o.BaseURL + "/")
	if err != nil {
		return nil, err
	}
	client := resend.NewClient(o.Key)
	if timeout, ok := o.timeout(); ok {
		client = resend.NewCustomClient(&http.Client{Timeout: timeout}, o.Key)
	}
	client.BaseURL = base
	return client, nil
}

func mail(to string) *resend.SendEmailRequest {
	return &resend.SendEmailRequest{
		From:    "Keybrake <hello@example.com>",
		To:      []string{to},
		Subject: "Your table",
		Text:    "Your table is ready.",
	}
}

func sendMail(o order) (value, error) {
	client, err := resendOf(o)
	if err != nil {
		return nil, err
	}
	sent, err := client.Emails.Send(mail("ada@example.org"))
	if err != nil {
		return nil, err
	}
	return value{"id": sent.Id}, nil
}

func readMail(o order) (value, error) {
	client, err := resendOf(o)
	if err != nil {
		return nil, err
	}
	found, err := client.Emails.Get(o.target(noMail))
	if err != nil {
		return nil, err
	}
	return value{"id": found.Id}, nil
}

func listMails(o order) (value, error) {
	client, err := resendOf(o)
	if err != nil {
		return nil, err
	}
	limit := 2
	options := &resend.ListOptions{Limit: &limit}
	ids := []string{}
	for {
		page, err := client.Emails.ListWithOptions(context.Background(), options)
		if err != nil {
			return nil, err
		}
		for _, each := range page.Data {
			ids = append(ids, each.Id)
		}
		if !page.HasMore {
			return value{"ids": ids}, nil
		}
		options.After = &ids[len(ids)-1]
	}
}

func deleteDomain(o order) (value, error) {
	client, err := resendOf(o)
	if err != nil {
		return nil, err
	}
	target := o.target(noMail)
	deleted, err := client.Domains.Remove(target)
	if err != nil {
		return nil, err
	}
	return value{"id": target, "deleted": deleted}, nil
}

func sendBatch(o order) (value, error) {
	client, err := resendOf(o)
	if err != nil {
		return nil, err
	}
	mails := []*resend.SendEmailRequest{mail("ada@example.org"), mail("bob@example.org"), mail("eve@example.org")}
	sent, err := client.Batch.Send(mails)
	if err != nil {
		return nil, err
	}
	ids := []string{}
	for _, each := range sent.Data {
		ids = append(ids, each.Id)
	}
	return value{"ids": ids}, nil
}

// -------------------------------------------------------------------------------------------------------------- the protocol

var vendors = map[string]map[string]act{
	"stripe": {
		"create": pay, "refused": pay, "revoked": pay, "timeout": pay,
		"not_found": readIntent, "server_error": readIntent,
		"list": listCustomers, "delete": deleteCustomer,
		"upload": upload, "download": download,
		"v2": listDestinations, "v2_write": meter,
	},
	"twilio": {
		"create": sendMessage, "refused": sendMessage, "revoked": sendMessage, "timeout": sendMessage,
		"not_found": readMessage, "server_error": readMessage,
		"list": listMessages, "delete": deleteMessage,
		"lookup": lookup, "verify": startVerification,
	},
	"resend": {
		"create": sendMail, "refused": sendMail, "revoked": sendMail, "timeout": sendMail,
		"not_found": readMail, "server_error": readMail,
		"list": listMails, "delete": deleteDomain, "batch": sendBatch,
	},
}

type said struct {
	Class   string `json:"class"`
	Code    any    `json:"code"`
	Status  any    `json:"status"`
	Message string `json:"message"`
	Inner   string `json:"inner,omitempty"`
	Details any    `json:"details,omitempty"`
}

// What a program can read of an error, by the SDK's own names.
func saidBy(err error) said {
	var stripeError *stripe.Error
	var stripeV2Error *stripe.V2RawError
	var twilioError *twilioclient.TwilioRestError
	var twilioV1Error *twilioclient.RestErrorV1
	var tooMany *resend.RateLimitError
	switch {
	case errors.As(err, &stripeError):
		answer := said{Class: fmt.Sprintf("%T", err), Message: stripeError.Msg}
		answer.Code, answer.Status = orNil(string(stripeError.Code)), stripeError.HTTPStatusCode
		if stripeError.Err != nil {
			answer.Inner = fmt.Sprintf("%T", stripeError.Err)
		}
		if stripeError.LastResponse != nil {
			answer.Details = errorObjectOf(stripeError.LastResponse.RawJSON)
		}
		return answer
	case errors.As(err, &stripeV2Error):
		answer := said{Class: fmt.Sprintf("%T", err), Message: stripeV2Error.Message}
		answer.Code, answer.Status = orNil(stripeV2Error.Code), stripeV2Error.HTTPStatusCode
		return answer
	case errors.As(err, &twilioError):
		return said{fmt.Sprintf("%T", err), twilioError.Code, twilioError.Status, twilioError.Message, "", twilioError.Details}
	case errors.As(err, &twilioV1Error):
		return said{fmt.Sprintf("%T", err), twilioV1Error.Code, twilioV1Error.HttpStatusCode, twilioV1Error.Message, "", twilioV1Error.Params}
	case errors.As(err, &tooMany):
		details := map[string]string{
			"limit": tooMany.Limit, "remaining": tooMany.Remaining, "reset": tooMany.Reset, "retry_after": tooMany.RetryAfter,
		}
		return said{fmt.Sprintf("%T", err), nil, nil, tooMany.Message, "", details}
	default:
		return said{Class: fmt.Sprintf("%T", err), Message: err.Error()}
	}
}

func orNil(text string) any {
	if text == "" {
		return nil
	}
	return text
}

func errorObjectOf(raw []byte) any {
	var body struct {
		Error any `json:"error"`
	}
	if json.Unmarshal(raw, &body) != nil {
		return nil
	}
	return body.Error
}

func obey(o order) map[string]any {
	do, known := vendors[o.Vendor][o.Scenario]
	if !known {
		return map[string]any{"id": o.ID, "fault": "no " + o.Vendor + " " + o.Scenario}
	}
	started := time.Now()
	done, err := do(o)
	ms := time.Since(started).Milliseconds()
	if err != nil {
		return map[string]any{"id": o.ID, "ok": false, "error": saidBy(err), "ms": ms}
	}
	return map[string]any{"id": o.ID, "ok": true, "value": done, "ms": ms}
}

func main() {
	answers := json.NewEncoder(os.Stdout)
	lines := bufio.NewScanner(os.Stdin)
	for lines.Scan() {
		var o order
		if err := json.Unmarshal(lines.Bytes(), &o); err != nil {
			panic(err)
		}
		if err := answers.Encode(obey(o)); err != nil {
			panic(err)
		}
	}
}
