import { familyName } from './model-name.ts';

/** What stands before a text so that an embedding model knows what it is for. From the models' cards. */
interface Prefixes {
  readonly query: string;
  readonly document: string;
}

const searchTask = 'Given a question, retrieve what was said before that answers it';

/** By the beginning of the family name; the longest that fits counts. */
const prefixesByFamily: Readonly<Record<string, Prefixes>> = {
  embeddinggemma: { query: 'task: search result | query: ', document: 'title: none | text: ' },
  'qwen3-embedding': { query: `Instruct: ${searchTask}\nQuery: `, document: '' },
  'nomic-embed-text': { query: 'search_query: ', document: 'search_document: ' },
  'mxbai-embed': { query: 'Represent this sentence for searching relevant passages: ', document: '' },
  'snowflake-arctic-embed': { query: 'Represent this sentence for searching relevant passages: ', document: '' },
  'snowflake-arctic-embed2': { query: 'query: ', document: '' },
  'multilingual-e5': { query: 'query: ', document: 'passage: ' },
};

/** Both empty for a model that wants none, or that is not known. */
export function prefixesOf(model: string): Prefixes {
  const family = familyName(model);
  const known = Object.keys(prefixesByFamily).filter((name) => family.startsWith(name));
  const longest = known.sort((a, b) => b.length - a.length)[0];
  return (longest === undefined ? undefined : prefixesByFamily[longest]) ?? { query: '', document: '' };
}
