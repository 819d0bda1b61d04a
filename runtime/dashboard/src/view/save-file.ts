/** Saves a text as a file of the browser's, as if it had been downloaded. */
export function saveFile(name: string, type: string, text: string): void {
  const address = URL.createObjectURL(new Blob([text], { type }));
  const link = document.createElement("a");
  link.href = address;
  link.download = name;
  link.click();
  // The download has begun by the next turn, and the address is no longer needed.
  setTimeout(() => URL.revokeObjectURL(address), 0);
}
