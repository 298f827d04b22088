-- What a case was told (an application, an answer) stands apart from its state, written once; a state names it by `n`.
-- A step's result is one of them.
CREATE TABLE case_record(shard I4 NOT NULL, case_id I8 NOT NULL, n I4 NOT NULL, body BYTES NOT NULL, PRIMARY KEY(shard,case_id,n)) DIST;
ALTER TABLE step DROP COLUMN result;
