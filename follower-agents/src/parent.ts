/**
 * Ends the agent at once when the pipe on its stdin closes: its parent, the virtual home, is dead, and a made-up host does not
 * outlive its house.
 */
export function dieWithParent(die: () => void): void {
  process.stdin.on("end", die);
  process.stdin.on("close", die);
  process.stdin.on("error", die);
  process.stdin.resume();
}
