#!/usr/bin/env node
// Starts Keybrake on Node 24, also where `node` is an older one: the package brings a Node of its own as a dependency.
// Plain old JavaScript on purpose, so that any Node can read this far.
"use strict";

var path = require("node:path");
var main = path.join(__dirname, "..", "dist", "main.js");

if (!require("node:fs").existsSync(main)) {
  console.error("keybrake: there is no " + main + "; in the checkout, run npm run build first.");
  process.exit(1);
} else if (Number(process.versions.node.split(".")[0]) >= 24) {
  void import(require("node:url").pathToFileURL(main).href);
} else {
  var bundled = ownNode();
  if (bundled === null) {
    console.error(
      "keybrake needs Node 24; this is " +
        process.versions.node +
        ". Run it with: npx -p node@24 -p keybrake keybrake " +
        process.argv.slice(2).join(" "),
    );
    process.exit(1);
  }
  var child = require("node:child_process").spawn(bundled, [main].concat(process.argv.slice(2)), { stdio: "inherit" });
  ["SIGINT", "SIGTERM", "SIGHUP"].forEach(function (signal) {
    process.on(signal, function () {
      child.kill(signal);
    });
  });
  child.on("exit", function (code, signal) {
    process.exit(signal === null ? code : 1);
  });
}

function ownNode() {
  try {
    var home = path.dirname(require.resolve("node/package.json"));
    var binary = path.join(home, "bin", process.platform === "win32" ? "node.exe" : "node");
    return require("node:fs").existsSync(binary) ? binary : null;
  } catch {
    return null;
  }
}
