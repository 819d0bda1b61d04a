import { X509Certificate } from "node:crypto";
import { readFileSync } from "node:fs";
import { rootCertificates } from "node:tls";
import { makeCertificates } from "../../../../test/support/certificates";
import { tempDir } from "../../../../test/support/temp-dir";
import { fingerprintToTell } from "./own-certificate";

it("is told of a certificate of the house's own, and of none that every machine can judge", () => {
  const dir = tempDir();
  try {
    const { certFile, ca } = makeCertificates(dir.path);
    const own = readFileSync(certFile, "utf8");
    const fingerprint = new X509Certificate(own).fingerprint256.replaceAll(":", "");
    expect([fingerprintToTell(own), fingerprintToTell(`${own}${ca}`)]).toEqual([fingerprint, fingerprint]);
    // As a chain that an authority has signed ends.
    const [known = ""] = rootCertificates;
    expect(fingerprintToTell(`${own}${known}\n`)).toBeUndefined();
  } finally {
    dir.remove();
  }
});
