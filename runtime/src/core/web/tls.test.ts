import { copyFileSync, rmSync, writeFileSync } from "node:fs";
import { FakeClock, silentLogger } from "@skein/kit";
import { makeCertificates, type Certificates } from "../../../../test/support/certificates";
import { tempDir, type TempDir } from "../../../../test/support/temp-dir";
import { followCertificate, readCertificate, type Certificate } from "./tls";

let dir: TempDir;
let one: TempDir;
let other: TempDir;
let first: Certificates;
let second: Certificates;
beforeAll(() => {
  [dir, one, other] = [tempDir(), tempDir(), tempDir()];
  [first, second] = [makeCertificates(one.join(".")), makeCertificates(other.join("."))];
});
afterAll(() => [dir, one, other].forEach((each) => each?.remove()));

const files = () => ({ cert: dir.join("cert.pem"), key: dir.join("key.pem") });
const put = ({ certFile, keyFile }: Certificates) => {
  copyFileSync(certFile, files().cert);
  copyFileSync(keyFile, files().key);
};

it("takes no certificate that is not there, is none, or has another's key", () => {
  put(first);
  expect(readCertificate(files()).cert).toContain("BEGIN CERTIFICATE");
  const refused = expect.objectContaining({ code: "CERTIFICATE_INVALID" }) as Error;
  expect(() => readCertificate({ ...files(), cert: dir.join("none.pem") })).toThrow(refused);
  expect(() => readCertificate({ ...files(), key: second.keyFile })).toThrow(refused);
  writeFileSync(files().cert, "no PEM");
  expect(() => readCertificate(files())).toThrow(refused);
});

it("hands on a new one when it is whole, and keeps the old one until then", async () => {
  put(first);
  const clock = new FakeClock();
  const seen: Certificate[] = [];
  const stop = followCertificate(files(), { clock, logger: silentLogger }, (certificate) => seen.push(certificate));
  await clock.advance(60_000);
  expect(seen).toEqual([]);
  rmSync(files().key);
  await clock.advance(10_000);
  copyFileSync(second.certFile, files().cert);
  await clock.advance(10_000);
  expect(seen).toEqual([]);
  copyFileSync(second.keyFile, files().key);
  await clock.advance(10_000);
  expect(seen).toEqual([readCertificate(files())]);
  stop();
  put(first);
  await clock.advance(60_000);
  expect(seen).toHaveLength(1);
});
