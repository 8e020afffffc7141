-- A neutralised copy talks to nobody: no secrets, every connection cut. It is a test of its original.
DELETE FROM xero_token;
UPDATE xero_connection SET state = 'disconnected', enabled = FALSE, environment = 'test'
 WHERE state != 'disconnected' OR enabled OR environment != 'test';
