-- A neutralised copy talks to nobody: no secrets, every connection cut.
DELETE FROM xero_token;
UPDATE xero_connection SET state = 'disconnected', enabled = FALSE WHERE state != 'disconnected' OR enabled;
