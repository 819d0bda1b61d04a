/**
 * `npm test`: installs what the tests need (npm and Debian packages, when missing), builds, checks style, types, import
 * directions and generated files, then runs every test. `--only TEXT` runs the test files whose path has it, without the
 * checks; `--real-time` runs the fault tests at the product's own intervals; `--long` as many rounds as a proof takes.
 */
import { spawn, spawnSync } from "node:child_process";
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { build, install, leaderNode, root, run } from "../runtime/bootstrap/prepare.mjs";

const DEBIAN = [
  "chromium",
  "mosquitto",
  "redis-server",
  "prometheus-node-exporter",
  "libfaketime",
  "openssl",
  "curl",
  "iproute2",
  // For the firmware: built and tried on the PC, built for the chip, and run in QEMU.
  "gcc",
  "libc6-dev",
  "make",
  "libcmocka-dev",
  "cppcheck",
  "gcc-arm-none-eabi",
  "libnewlib-arm-none-eabi",
  "qemu-system-arm",
];
const args = process.argv.slice(2);
const only = args.includes("--only") ? args[args.indexOf("--only") + 1] : undefined;
const say = (line) => console.log(`  ${line}`);

await debian();
await install(say);
await build(say);
const node = leaderNode();
const bin = (name) => join(root, "node_modules/.bin", name);
if (!only) {
  const sources = ["packages", "nodes", "runtime/src", "runtime/dashboard/src", "follower-agents/src", "flows", "test"];
  const checks = {
    "generated files": [join(root, "runtime/bootstrap/generate.mjs"), "--check"],
    "types of the tests": [bin("tsc"), "-p", "tsconfig.test.json"],
    lint: [bin("oxlint"), "--type-aware", "--quiet"],
    "import directions": [bin("depcruise"), "--config", ".dependency-cruiser.cjs", ...sources],
    format: [bin("prettier"), "--check", "--log-level=warn", "."],
  };
  for (const [what, commandArgs] of Object.entries(checks)) {
    const start = performance.now();
    await run(node, commandArgs).catch((error) => fail(`${what}: ${String(error.message)}`));
    say(`${what.padEnd(32)} ${((performance.now() - start) / 1000).toFixed(1)} s`);
  }
}
process.exit(await jest());

/** Runs jest under the leader's Node and closes with a line that CI can count. */
async function jest() {
  const folder = mkdtempSync(join(tmpdir(), "skein-test-"));
  const report = join(folder, "report.json");
  const child = spawn(
    node,
    [
      join(root, "node_modules/jest/bin/jest.js"),
      "--ci",
      "--maxWorkers=2",
      "--json",
      `--outputFile=${report}`,
      ...(only ? [only] : []),
    ],
    {
      cwd: root,
      stdio: ["ignore", "ignore", "inherit"],
      env: {
        ...process.env,
        ...(args.includes("--real-time") ? { SKEIN_REAL_TIME: "1" } : {}),
        ...(args.includes("--long") ? { SKEIN_LONG: "1" } : {}),
      },
    },
  );
  const code = await new Promise((resolve) => child.on("exit", (exit) => resolve(exit ?? 1)));
  if (existsSync(report)) {
    const { numPassedTests, numFailedTests, numPendingTests, numFailedTestSuites } = JSON.parse(
      readFileSync(report, "utf8"),
    );
    if (numFailedTestSuites > 0) console.log(`${numFailedTestSuites} test files failed`);
    console.log(
      `${numPassedTests} passed, ${numFailedTests} failed${numPendingTests > 0 ? `, ${numPendingTests} skipped` : ""}`,
    );
  }
  rmSync(folder, { recursive: true, force: true });
  return code;
}

/** Installs the Debian packages that are missing, without letting their services start. */
async function debian() {
  const missing = DEBIAN.filter(
    (name) =>
      !spawnSync("dpkg-query", ["-W", "-f=${Status}", name], { encoding: "utf8" }).stdout?.endsWith("ok installed"),
  );
  if (missing.length === 0) return;
  if (process.getuid?.() !== 0)
    fail(`the tests need Debian packages that are missing. Run: sudo apt-get install ${missing.join(" ")}`);
  const policy = "/usr/sbin/policy-rc.d";
  const ours = !existsSync(policy);
  if (ours)
    writeFileSync(
      policy,
      "#!/bin/sh\n# by skein's tests: the servers are installed for tests to start, not to run by themselves\nexit 101\n",
      { mode: 0o755 },
    );
  const env = { ...process.env, DEBIAN_FRONTEND: "noninteractive" };
  try {
    await run("apt-get", ["update", "-qq"], { env });
    await run("apt-get", ["install", "-y", "-qq", "--no-install-recommends", ...missing], {
      env,
      stdio: ["ignore", "ignore", "inherit"],
    });
  } finally {
    if (ours) rmSync(policy, { force: true });
  }
}

function fail(message) {
  console.error(`skein: ${message}`);
  process.exit(1);
}
