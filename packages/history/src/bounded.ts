/** A list that waits to be saved and holds so many at most: the oldest goes first, counted. */
export class Bounded<T> {
  private items: T[] = [];
  private lost = 0;

  constructor(private readonly most: number) {}

  push(item: T): void {
    this.items.push(item);
    // A tenth at once, so that being full is not paid for at each one.
    if (this.items.length > this.most) this.drop(Math.ceil(this.most / 10));
  }
  takeAll(): T[] {
    const all = this.items;
    this.items = [];
    return all;
  }
  putBack(items: readonly T[]): void {
    this.items = [...items, ...this.items];
    if (this.items.length > this.most) this.drop(this.items.length - this.most);
  }
  keep(which: (item: T) => boolean): void {
    this.items = this.items.filter(which);
  }
  /** Changes each item; undefined lets go of it. */
  replace(change: (item: T) => T | undefined): void {
    this.items = this.items.map(change).filter((item) => item !== undefined);
  }
  size = (): number => this.items.length;
  dropped = (): number => this.lost;

  private drop(count: number): void {
    this.items.splice(0, count);
    this.lost += count;
  }
}
