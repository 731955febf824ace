interface Node<V> {
  readonly key: string;
  value: V;
  older: Node<V> | undefined;
  newer: Node<V> | undefined;
}

/**
 * A map that knows its oldest key in constant time. Setting a key again makes it the newest. Plain form: a Map, whose
 * first key is the oldest; but V8 keeps deleted keys in place until it rehashes, and finding the first of a full queue
 * then steps over half its size each time.
 */
export class AgeMap<V> {
  readonly #nodes = new Map<string, Node<V>>();
  #oldest: Node<V> | undefined;
  #newest: Node<V> | undefined;

  /** Keys held. */
  get size(): number {
    return this.#nodes.size;
  }

  /** Returns a key's value. */
  get(key: string): V | undefined {
    return this.#nodes.get(key)?.value;
  }

  /** Returns the key that was set longest ago, and its value. */
  oldest(): { readonly key: string; readonly value: V } | undefined {
    return this.#oldest;
  }

  /** Sets a key, which is then the newest. */
  set(key: string, value: V): void {
    this.delete(key);
    const node: Node<V> = { key, value, older: this.#newest, newer: undefined };
    if (this.#newest === undefined) this.#oldest = node;
    else this.#newest.newer = node;
    this.#newest = node;
    this.#nodes.set(key, node);
  }

  /** Deletes a key; does nothing if it is not held. */
  delete(key: string): void {
    const node = this.#nodes.get(key);
    if (node === undefined) return;
    this.#nodes.delete(key);
    if (node.older === undefined) this.#oldest = node.newer;
    else node.older.newer = node.newer;
    if (node.newer === undefined) this.#newest = node.older;
    else node.newer.older = node.older;
  }

  /** Returns all keys and their values, the oldest first. */
  entries(): { readonly key: string; readonly value: V }[] {
    const entries: Node<V>[] = [];
    for (let node = this.#oldest; node !== undefined; node = node.newer) entries.push(node);
    return entries;
  }

  /** Replaces every value; ages stay as they are. Linear. */
  replaceAll(replaced: (value: V) => V): void {
    for (let node = this.#oldest; node !== undefined; node = node.newer) node.value = replaced(node.value);
  }

  /** Deletes all keys. */
  clear(): void {
    this.#nodes.clear();
    this.#oldest = undefined;
    this.#newest = undefined;
  }

  /** Throws unless the queue holds exactly the map's nodes, linked both ways. Linear. */
  validate(): void {
    let count = 0;
    for (let node = this.#oldest; node !== undefined; node = node.newer) {
      if (this.#nodes.get(node.key) !== node) throw new Error('the queue holds a key that the map does not');
      if ((node.newer === undefined ? this.#newest : node.newer.older) !== node) throw new Error('broken queue');
      if (++count > this.#nodes.size) throw new Error('the queue does not end');
    }
    if (count !== this.#nodes.size) throw new Error(`the queue holds ${count} keys of ${this.#nodes.size}`);
  }
}
