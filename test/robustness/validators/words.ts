import type { History, Received, Session, Told } from '../history/history.ts';

/** Tells a session in a few words. */
export function nameOf({ sessions }: History, session: Session): string {
  return `${session.subscriber} (session ${sessions.indexOf(session)})`;
}

/** Tells a change or an event in a few words. */
export function wordsOf(told: Told & { readonly order?: number | undefined }): string {
  const mode = told.mode === 'UNSPECIFIED' ? '' : ` ${told.mode}`;
  return `change ${told.order ?? '?'} (${told.cause}${mode} ${targetWords(told)}, revision ${told.revision})`;
}

/** Tells a message in a few words. */
export function messageWords(session: Session, message: Received): string {
  const at = message.mark === undefined ? 'without a token' : `up to ${message.mark.at}`;
  return `message ${session.received.indexOf(message)} (${message.kind} ${at})`;
}

/** Tells what a change is about: the same for two changes if, and only if, they are about the same. */
export function targetWords({ target }: Pick<Told, 'target'>): string {
  switch (target.kind) {
    case 'key':
      return `key ${target.key}`;
    case 'tag':
      return `tag ${target.tag}`;
    case 'prefix':
      return `prefix ${target.prefix}`;
    case 'namespace':
      return 'namespace';
  }
}
