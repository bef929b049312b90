PRAGMA application_id = 1447185201;
PRAGMA user_version = 1;
BEGIN TRANSACTION;
CREATE TABLE documents (
    row INTEGER PRIMARY KEY AUTOINCREMENT, document TEXT NOT NULL, path TEXT NOT NULL,
    kind TEXT NOT NULL, date TEXT, value TEXT NOT NULL, text TEXT NOT NULL, checksum BLOB NOT NULL,
    added INTEGER NOT NULL, removed INTEGER);
INSERT INTO "documents" VALUES(1,'doc-a','/bron/a.txt','answer',NULL,'{"document":"doc-a","kind":"answer","title":"Vragen over doc-a","source":"bron/a.txt","sources":[],"case":null,"number":null,"date":null,"asked":null,"answered":null,"askers":[{"name":"Kamerlid A","party":null}],"answered_by":[{"name":"Minister B","role":"minister","department":null}],"topics":["bestuur"],"url":null}','Vragen over doc-a
Vraag 1: hoe staat het?
De opvang.
Vraag 2: hoe staat het?
Het water.
',X'356F5C28F91B20352F536F05E89783DC',1,NULL);
INSERT INTO "documents" VALUES(2,'doc-b','/bron/b.txt','answer',NULL,'{"document":"doc-b","kind":"answer","title":"Vragen over doc-b","source":"bron/b.txt","sources":[],"case":null,"number":null,"date":null,"asked":null,"answered":null,"askers":[{"name":"Kamerlid A","party":null}],"answered_by":[{"name":"Minister B","role":"minister","department":null}],"topics":["bestuur"],"url":null}','Vragen over doc-b
Vraag 1: hoe staat het?
De straf.
',X'BDB0CBB8171D52C1F78C2991F4133919',1,2);
CREATE TABLE facets (
    facet TEXT NOT NULL, value TEXT NOT NULL, row INTEGER NOT NULL, PRIMARY KEY (facet, value, row)
) WITHOUT ROWID;
INSERT INTO "facets" VALUES('document','doc-a',1);
INSERT INTO "facets" VALUES('kind','answer',1);
INSERT INTO "facets" VALUES('ministry','minister',1);
INSERT INTO "facets" VALUES('document','doc-b',2);
INSERT INTO "facets" VALUES('kind','answer',2);
INSERT INTO "facets" VALUES('ministry','minister',2);
CREATE TABLE generations (
    generation INTEGER PRIMARY KEY AUTOINCREMENT, manifest TEXT NOT NULL, checksum BLOB NOT NULL);
INSERT INTO "generations" VALUES(1,'{"generation": 1, "created": "2026-11-22T06:10:56+00:00", "partial": false, "embedder": null, "encoding": "", "terms": "3", "documents": 2, "passages": 3, "lexical": "lexical/1-084ad859", "segments": [], "dead": "", "files": {"lexical/1-084ad859/.managed.json": "5577adc9ba392996afaed7cf2a903622455f52f16500e446a3f3d45c7f6b77a4", "lexical/1-084ad859/05136e351bde461fb24cc198415695bf.fast": "ecfba2a472ee1946b69c088d512243fa13d331d7d84706a6b058c9382fbd1599", "lexical/1-084ad859/05136e351bde461fb24cc198415695bf.fieldnorm": "35c5a5d0f93637f6d272f32a387c104db083d8d551888e8656784d1a12229085", "lexical/1-084ad859/05136e351bde461fb24cc198415695bf.idx": "cf317b4283a558b082703c983f0e0480f6afb06da688b6e138afde22fb765ec1", "lexical/1-084ad859/05136e351bde461fb24cc198415695bf.pos": "745a8e3dc8db268856b1ca4b6cf6513c12c76f3b0a4069b55daac08592d28cae", "lexical/1-084ad859/05136e351bde461fb24cc198415695bf.store": "7a0b5d948e5692894ec7b5e848ad07d520b4baffbfa024f1cbb6d155aea9bb1b", "lexical/1-084ad859/05136e351bde461fb24cc198415695bf.term": "c8bdc732b2ac3690a8fb7da79cd44cabd0200421041804a2f3b5a38f0d61dff1", "lexical/1-084ad859/meta.json": "7947a6c7e3ea4bc134bc887b5bb6d8327d0fd722e636a6f246518564de6c4577"}}',X'15317F669E53A53A0629CB6F743035F5');
INSERT INTO "generations" VALUES(2,'{"generation": 2, "created": "2026-11-22T06:10:56+00:00", "partial": false, "embedder": null, "encoding": "", "terms": "3", "documents": 1, "passages": 2, "lexical": "lexical/2-cd72f75d", "segments": [], "dead": "", "files": {"lexical/2-cd72f75d/.managed.json": "375ec0ac5309ad449dc85a55e2700c06e8d38adf8c34e2fe6b0edf3fbb6eccbf", "lexical/2-cd72f75d/05136e351bde461fb24cc198415695bf.5.del": "e9feca41762baa4f4c8a21d4ce5ef06bd4e7b01a098e5b84caa2119fce83ccc7", "lexical/2-cd72f75d/05136e351bde461fb24cc198415695bf.fast": "ecfba2a472ee1946b69c088d512243fa13d331d7d84706a6b058c9382fbd1599", "lexical/2-cd72f75d/05136e351bde461fb24cc198415695bf.fieldnorm": "35c5a5d0f93637f6d272f32a387c104db083d8d551888e8656784d1a12229085", "lexical/2-cd72f75d/05136e351bde461fb24cc198415695bf.idx": "cf317b4283a558b082703c983f0e0480f6afb06da688b6e138afde22fb765ec1", "lexical/2-cd72f75d/05136e351bde461fb24cc198415695bf.pos": "745a8e3dc8db268856b1ca4b6cf6513c12c76f3b0a4069b55daac08592d28cae", "lexical/2-cd72f75d/05136e351bde461fb24cc198415695bf.store": "7a0b5d948e5692894ec7b5e848ad07d520b4baffbfa024f1cbb6d155aea9bb1b", "lexical/2-cd72f75d/05136e351bde461fb24cc198415695bf.term": "c8bdc732b2ac3690a8fb7da79cd44cabd0200421041804a2f3b5a38f0d61dff1", "lexical/2-cd72f75d/meta.json": "86160d7480710050580f1f2190b2d2c92ffae520662539a64bbaf1091961b429"}}',X'78B8817F55897800CB9F0DD8CBF90C6C');
CREATE TABLE passages (
    number INTEGER PRIMARY KEY AUTOINCREMENT, row INTEGER NOT NULL, passage TEXT NOT NULL,
    value TEXT NOT NULL, embedded BLOB NOT NULL, checksum BLOB NOT NULL);
INSERT INTO "passages" VALUES(1,1,'doc-a#1','{"label":"vraag 1","start":18,"end":52,"numbers":[1],"question":"Vraag 1: hoe staat het?","answer_start":42,"context":"","refers_to":[],"notes":{"1":"Een noot."},"answer_end":52}',X'983AFA0CB13CF15C79109C504C94F013',X'3CB42509315CEB37E811EEAB02DB4860');
INSERT INTO "passages" VALUES(2,1,'doc-a#2','{"label":"vraag 2","start":53,"end":87,"numbers":[2],"question":"Vraag 2: hoe staat het?","answer_start":77,"context":"","refers_to":[],"notes":{"1":"Een noot."},"answer_end":87}',X'A83ED2BE3D6E2E48D5A2DF7CDB5DFBE3',X'4F267C23AE3028C783F45705CC9DAD39');
INSERT INTO "passages" VALUES(3,2,'doc-b#1','{"label":"vraag 1","start":18,"end":51,"numbers":[1],"question":"Vraag 1: hoe staat het?","answer_start":42,"context":"","refers_to":[],"notes":{"1":"Een noot."},"answer_end":51}',X'43791E158EAD8DEDEFD69BB2E24F879E',X'EDADF58D33667EC066E6BF2D60F00602');
CREATE TABLE sources (
    source INTEGER PRIMARY KEY AUTOINCREMENT, path TEXT NOT NULL, given TEXT NOT NULL,
    digest TEXT NOT NULL, reader TEXT NOT NULL, document TEXT NOT NULL,
    added INTEGER NOT NULL, removed INTEGER);
INSERT INTO "sources" VALUES(1,'/bron/a.txt','bron/a.txt','ce1beb960512d75f1965418eb353d1bce67dd9c726631657f2eb771983920d27','1 ','doc-a',1,NULL);
INSERT INTO "sources" VALUES(2,'/bron/b.txt','bron/b.txt','7e3df5e9925baac8c1dfc2bb1ded6c02050748ac8d0a2e0bfc1f4a2cff569ca0','1 ','doc-b',1,2);
CREATE TABLE state (key TEXT PRIMARY KEY, value INTEGER NOT NULL) WITHOUT ROWID;
INSERT INTO "state" VALUES('current',2);
CREATE INDEX documents_by_id ON documents (document, added);
CREATE INDEX documents_removed ON documents (removed) WHERE removed IS NOT NULL;
CREATE INDEX facets_by_row ON facets (row);
CREATE INDEX passages_by_row ON passages (row, number);
CREATE INDEX passages_by_id ON passages (passage);
CREATE INDEX sources_by_path ON sources (path);
CREATE INDEX sources_by_document ON sources (document);
CREATE INDEX sources_removed ON sources (removed) WHERE removed IS NOT NULL;
DELETE FROM "sqlite_sequence";
INSERT INTO "sqlite_sequence" VALUES('documents',2);
INSERT INTO "sqlite_sequence" VALUES('passages',3);
INSERT INTO "sqlite_sequence" VALUES('sources',2);
INSERT INTO "sqlite_sequence" VALUES('generations',2);
COMMIT;
