/** How a board knows a leader whose certificate nobody signed whom everybody trusts: by its fingerprint, which the page shows. */
import { X509Certificate } from "node:crypto";
import { rootCertificates } from "node:tls";

/** SHA-256 in hex of the first certificate of a PEM chain; undefined when the chain ends at an authority that Node knows, as boards do. */
export function fingerprintToTell(chain: string): string | undefined {
  const certificates = chain.match(/-----BEGIN CERTIFICATE-----[^-]+-----END CERTIFICATE-----/g) ?? [];
  const [own, last] = [certificates[0], certificates.at(-1)].map((pem) => pem && new X509Certificate(pem));
  if (!own || !last || isKnown(last)) return undefined;
  return own.fingerprint256.replaceAll(":", "");
}

const isKnown = (last: X509Certificate): boolean =>
  rootCertificates.some((pem) => {
    const root = new X509Certificate(pem);
    return last.fingerprint256 === root.fingerprint256 || (last.checkIssued(root) && last.verify(root.publicKey));
  });
