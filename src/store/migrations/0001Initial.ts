import type { Migration } from './migration'

const sha256Check = (column: string) =>
  `CHECK (length(${column}) = 64 AND ${column} NOT GLOB '*[^0-9a-f]*')`

/** Sessions, images, reviews with their undo steps, results, and the audit chain. Times are ISO 8601, UTC. */
export const initial: Migration = {
  version: 1,
  name: 'initial',
  up: (db) => {
    db.exec(`
CREATE TABLE program_state (
  id INTEGER PRIMARY KEY CHECK (id = 1),
  settings TEXT NOT NULL CHECK (json_valid(settings)),
  last_session TEXT REFERENCES session (id) ON DELETE SET NULL,
  samples_made INTEGER NOT NULL DEFAULT 0 CHECK (samples_made IN (0, 1))
) STRICT;

CREATE TABLE session (
  id TEXT PRIMARY KEY NOT NULL CHECK (length(id) = 36),
  name TEXT NOT NULL CHECK (length(name) BETWEEN 1 AND 200),
  sample INTEGER NOT NULL CHECK (sample IN (0, 1)),
  created_at TEXT NOT NULL,
  updated_at TEXT NOT NULL,
  model_path TEXT NOT NULL,
  model_file_name TEXT NOT NULL,
  model_name TEXT NOT NULL,
  model_sha256 TEXT NOT NULL ${sha256Check('model_sha256')},
  card_sha256 TEXT NOT NULL ${sha256Check('card_sha256')},
  card TEXT NOT NULL CHECK (json_valid(card)),
  view TEXT NOT NULL DEFAULT '{}' CHECK (json_valid(view))
) STRICT;
CREATE INDEX session_by_update ON session (updated_at);

CREATE TABLE image (
  id TEXT PRIMARY KEY NOT NULL CHECK (length(id) = 36),
  session_id TEXT NOT NULL REFERENCES session (id) ON DELETE CASCADE,
  position INTEGER NOT NULL CHECK (position >= 0),
  path TEXT NOT NULL,
  name TEXT NOT NULL,
  sha256 TEXT NOT NULL ${sha256Check('sha256')},
  width INTEGER NOT NULL CHECK (width > 0),
  height INTEGER NOT NULL CHECK (height > 0),
  bytes INTEGER NOT NULL CHECK (bytes >= 0),
  thumbnail_sha256 TEXT NOT NULL ${sha256Check('thumbnail_sha256')},
  changed_at TEXT,
  UNIQUE (session_id, position),
  UNIQUE (session_id, sha256, path)
) STRICT;
CREATE INDEX image_by_thumbnail ON image (thumbnail_sha256);

CREATE TABLE region (
  image_id TEXT NOT NULL REFERENCES image (id) ON DELETE CASCADE,
  id TEXT NOT NULL CHECK (length(id) = 36),
  position INTEGER NOT NULL CHECK (position >= 0),
  geometry TEXT NOT NULL CHECK (json_valid(geometry)),
  label TEXT NOT NULL,
  colour TEXT NOT NULL,
  note TEXT NOT NULL,
  created_at TEXT NOT NULL,
  PRIMARY KEY (image_id, id)
) STRICT;
CREATE INDEX region_in_order ON region (image_id, position);

CREATE TABLE verdict (
  image_id TEXT PRIMARY KEY NOT NULL REFERENCES image (id) ON DELETE CASCADE,
  decision TEXT CHECK (decision IN ('agree', 'disagree', 'unsure')),
  correct_class INTEGER CHECK (correct_class >= 0),
  confidence INTEGER CHECK (confidence BETWEEN 1 AND 5),
  plausible TEXT CHECK (plausible IN ('yes', 'partly', 'no')),
  comment TEXT NOT NULL
) STRICT;

CREATE TABLE history (
  image_id TEXT NOT NULL REFERENCES image (id) ON DELETE CASCADE,
  seq INTEGER NOT NULL CHECK (seq > 0),
  name TEXT NOT NULL,
  command TEXT NOT NULL CHECK (json_valid(command)),
  inverse TEXT NOT NULL CHECK (json_valid(inverse)),
  undone INTEGER NOT NULL DEFAULT 0 CHECK (undone IN (0, 1)),
  joins_until TEXT,
  PRIMARY KEY (image_id, seq)
) STRICT;

CREATE TABLE explanation (
  id INTEGER PRIMARY KEY,
  image_id TEXT NOT NULL REFERENCES image (id) ON DELETE CASCADE,
  spec TEXT NOT NULL CHECK (json_valid(spec)),
  result TEXT NOT NULL CHECK (json_valid(result)),
  relevance_sha256 TEXT NOT NULL ${sha256Check('relevance_sha256')},
  saved_at TEXT NOT NULL,
  UNIQUE (image_id, spec)
) STRICT;
CREATE INDEX explanation_by_relevance ON explanation (relevance_sha256);

CREATE TABLE prediction (
  image_id TEXT NOT NULL REFERENCES image (id) ON DELETE CASCADE,
  scope TEXT NOT NULL CHECK (json_valid(scope)),
  prediction TEXT NOT NULL CHECK (json_valid(prediction)),
  saved_at TEXT NOT NULL,
  PRIMARY KEY (image_id, scope)
) STRICT;

CREATE TABLE audit (
  seq INTEGER PRIMARY KEY CHECK (seq > 0),
  time TEXT NOT NULL,
  reviewer TEXT NOT NULL,
  session_id TEXT,
  image_id TEXT,
  kind TEXT NOT NULL,
  payload TEXT NOT NULL CHECK (json_valid(payload)),
  previous TEXT NOT NULL ${sha256Check('previous')},
  hash TEXT NOT NULL ${sha256Check('hash')}
) STRICT;
CREATE INDEX audit_by_session ON audit (session_id, seq);
CREATE TRIGGER audit_keeps_rows BEFORE DELETE ON audit
BEGIN SELECT RAISE (ABORT, 'the audit trail is append-only'); END;
CREATE TRIGGER audit_keeps_values BEFORE UPDATE ON audit
BEGIN SELECT RAISE (ABORT, 'the audit trail is append-only'); END;

-- The chain alone cannot tell that its last entries are gone; this row can.
CREATE TABLE audit_head (
  id INTEGER PRIMARY KEY CHECK (id = 1),
  seq INTEGER NOT NULL CHECK (seq >= 0),
  hash TEXT NOT NULL ${sha256Check('hash')}
) STRICT;
INSERT INTO program_state (id, settings) VALUES (1, '{}');
INSERT INTO audit_head (id, seq, hash) VALUES (1, 0, '${'0'.repeat(64)}');
`)
  },
}
