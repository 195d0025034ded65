import { closed } from '../yaml/closing.ts';

/** The line end of a text: that of its first line. */
export function lineEndOf(text: string): '\n' | '\r\n' {
  const feed = text.indexOf('\n');
  return feed > 0 && text[feed - 1] === '\r' ? '\r\n' : '\n';
}

/** A text with the given line ends. */
export function withLineEnd(text: string, lineEnd: '\n' | '\r\n'): string {
  return lineEnd === '\n' ? text : text.replaceAll(/\r?\n/g, lineEnd);
}

/** Joins streams of documents. New line ends are those of the first stream. Blank streams are left out. */
export function joinStreams(streams: readonly string[]): string {
  const [first = '', ...others] = streams.filter((stream) => stream.trim() !== '');
  const lineEnd = lineEndOf(first);
  const parts = [others.length > 0 ? closed(first, lineEnd) : first];
  for (const [index, stream] of others.entries()) {
    const own = stream.startsWith('\uFEFF') ? stream.slice(1) : stream;
    const text = index < others.length - 1 ? closed(own, lineEnd) : own;
    // Directives may only follow a document that `...` closes.
    if (text.startsWith('%')) parts.push('...', lineEnd);
    else if (!/^---(?:\s|$)/.test(text)) parts.push('---', lineEnd);
    parts.push(text);
  }
  return parts.join('');
}
