// What a document makes a call do that costs money.

import { expect, test } from "vitest";
import { readTwiml } from "./twiml.ts";

test("a document without such verbs does nothing", () => {
  const script = readTwiml(
    `<?xml version="1.0"?><Response><Say voice="alice">Dial &lt;Dial&gt;</Say><!-- <Dial>+1</Dial> --></Response>`,
  );
  expect(script).toEqual({ dials: [], messages: [], record: false, payments: 0, redirect: undefined });
});

test("dialling by text, by nouns, with limits, nested in a gather", () => {
  const { dials } = readTwiml(`<Response>
    <Dial timeLimit="30" callerId='+1415'>+14155550101</Dial>
    <Gather><Dial record="record-from-answer"><Number>+14155550102</Number><Sip>sip:a@example.com</Sip><Client>jo</Client></Dial></Gather>
    <Dial><Conference>room</Conference></Dial>
    <Dial/>
  </Response>`);
  expect(dials).toEqual([
    { targets: [{ kind: "number", address: "+14155550101" }], callerId: "+1415", timeLimit: 30, record: false },
    {
      targets: [
        { kind: "number", address: "+14155550102" },
        { kind: "sip", address: "sip:a@example.com" },
        { kind: "client", address: "client:jo" },
      ],
      callerId: undefined,
      timeLimit: undefined,
      record: true,
    },
    { targets: [{ kind: "room", address: "room" }], callerId: undefined, timeLimit: undefined, record: false },
    { targets: [], callerId: undefined, timeLimit: undefined, record: false },
  ]);
});

test("entities and CDATA are read as what they stand for", () => {
  const { dials, messages } = readTwiml(
    `<Response><Dial>&#43;14155550101</Dial><Sms to="&quot;">a <![CDATA[<&>]]></Sms></Response>`,
  );
  expect(dials[0]?.targets[0]?.address).toBe("+14155550101");
  expect(messages).toEqual([{ to: '"', from: undefined, body: "a <&>" }]);
});

test("recording, paying, redirecting", () => {
  const script = readTwiml(`<Response><Record/><Pay/><Pay/><Redirect>https://example.com/next</Redirect></Response>`);
  expect(script).toMatchObject({ record: true, payments: 2, redirect: "https://example.com/next" });
});

test.each(["", "not XML", "<Response><Dial>+1", "<Other><Dial>+14155550101</Dial></Other>"])(
  "what is no document does nothing: %s",
  (document) => {
    expect(readTwiml(document).dials.flatMap((dial) => dial.targets)).toEqual([]);
  },
);
