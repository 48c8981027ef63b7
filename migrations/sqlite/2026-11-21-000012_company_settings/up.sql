-- What managers chose in the browser about the company, a row for each group of settings: names and
-- values as JSON. What is not in it follows the file.
CREATE TABLE company_settings (
    name TEXT NOT NULL PRIMARY KEY,
    version BIGINT NOT NULL,
    chosen TEXT NOT NULL
);

-- Logos by their content. Those of the past stay: the history names them.
CREATE TABLE company_logos (
    sha256 TEXT NOT NULL PRIMARY KEY,
    media_type TEXT NOT NULL,
    width INTEGER NOT NULL,
    height INTEGER NOT NULL,
    content BLOB NOT NULL
);
