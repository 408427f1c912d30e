import * as fc from "fast-check";
import { describe, expect, it } from "vitest";
import { echoesOf } from "./echoes.ts";

const SECRET = "s3cr/et+Key_with/slash+plus00";

function isFound(secret: string, text: string): boolean {
  return echoesOf(secret).some((echo) => text.includes(echo));
}

const written = (of: RegExp, write: (code: string) => string): string =>
  SECRET.replaceAll(new RegExp(of, "g"), (character) => write(character.charCodeAt(0).toString(16).padStart(2, "0")));

describe("a secret's echo", () => {
  it.each<[string, string]>([
    ["as it is", SECRET],
    ["JSON", JSON.stringify({ m: SECRET })],
    ["JSON with escaped slashes", SECRET.replaceAll("/", String.raw`\/`)],
    ["JSON with one character by its number", written(/\+/, (code) => `\\u00${code}`)],
    ["JSON with another in capitals", written(/\//, (code) => `\\u00${code.toUpperCase()}`)],
    ["JSON with everything by its number", written(/[^A-Za-z0-9]/, (code) => `\\u00${code}`)],
    ["the same in capitals", written(/[^A-Za-z0-9]/, (code) => `\\u00${code.toUpperCase()}`)],
    ["JSON with both kinds of escapes", SECRET.replaceAll("/", String.raw`\/`).replaceAll("+", String.raw`\u002b`)],
    ["a URL", encodeURIComponent(SECRET)],
    ["a URL in small letters", written(/[+/]/, (code) => `%${code}`)],
    ["a URL that is in small letters as a whole", encodeURIComponent(SECRET).toLowerCase()],
    ["a URL with everything encoded", written(/[^A-Za-z0-9]/, (code) => `%${code.toUpperCase()}`)],
    ["a URL with slashes as they are", SECRET.replaceAll("+", "%2B")],
    ["HTML with slashes in hexadecimal", SECRET.replaceAll("/", "&#x2F;")],
    ["HTML with slashes in small letters", SECRET.replaceAll("/", "&#x2f;")],
    ["HTML with decimal numbers", SECRET.replaceAll("/", "&#47;").replaceAll("+", "&#43;")],
    ["HTML with padded numbers", SECRET.replaceAll("/", "&#047;")],
    ["HTML with names", SECRET.replaceAll("/", "&sol;").replaceAll("+", "&plus;")],
    ["base64", btoa(SECRET)],
    ["base64 for URLs", Buffer.from(SECRET).toString("base64url")],
    ["base64 of a user", btoa(`${SECRET}:`)],
    ["base64 of something longer", btoa(`{"key":"${SECRET}"}`)],
    ["the same one byte on", btoa(` {"key":"${SECRET}"}`)],
    ["the same two bytes on, for URLs", Buffer.from(`  {"key":"${SECRET}"}`).toString("base64url")],
  ])("is known as %s", (_, echo) => {
    expect(isFound(SECRET, echo), echo).toBe(true);
  });

  it("is known in base64 that JSON or a URL writes", () => {
    const secret = "???>>>~~~???>>>~~~"; // both characters that base64 has beside letters and digits
    const echo = btoa(secret);
    expect(echo).toMatch(/\//);
    const small = echo.replaceAll("/", "%2f").replaceAll("+", "%2b");
    for (const each of [echo.replaceAll("/", String.raw`\/`), encodeURIComponent(echo), small])
      expect(isFound(secret, each), each).toBe(true);
  });

  it("is known where a secret has more characters to escape than can be tried in every choice", () => {
    const secret = String.raw`p&q<r>"s"'t'/u+v=w\x`;
    const html = { "&": "&amp;", "<": "&lt;", ">": "&gt;", '"': "&quot;", "'": "&#39;" };
    const asHtml = secret.replaceAll(
      /[&<>"']/g,
      (each) => Object.entries(html).find(([name]) => name === each)?.[1] ?? each,
    );
    const asGo = JSON.stringify(secret).replaceAll(/[<>&]/g, (each) => `\\u00${each.charCodeAt(0).toString(16)}`);
    for (const echo of [
      secret,
      JSON.stringify(secret),
      JSON.stringify(secret).replaceAll("/", String.raw`\/`),
      asHtml,
      asGo,
    ])
      expect(isFound(secret, echo), echo).toBe(true);
  });

  it("is not seen where there is none", () => {
    for (const echo of echoesOf(SECRET)) expect(echo.length).toBeGreaterThan(12);
    expect(isFound(SECRET, JSON.stringify({ m: "s3cr/et+Key_with/slash+plus0" }))).toBe(false);
  });

  it("is known for any secret in what every platform writes, in few enough forms to look for", () => {
    const secret = fc.stringMatching(/^[\x21-\x7e]{8,64}$/);
    fc.assert(
      fc.property(secret, fc.nat(5), (text, before) => {
        const forms = echoesOf(text);
        expect(forms.length).toBeLessThan(500);
        for (const echo of [text, JSON.stringify(text), encodeURIComponent(text), btoa(text)])
          expect(
            forms.some((form) => echo.includes(form)),
            echo,
          ).toBe(true);
        if (text.length < 12) return;
        const inside = btoa("x".repeat(before) + text + "y".repeat(before));
        expect(
          forms.some((form) => inside.includes(form)),
          inside,
        ).toBe(true);
      }),
    );
  });
});
