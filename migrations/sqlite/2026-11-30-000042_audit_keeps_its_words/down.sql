DROP TRIGGER audit_keeps_its_words;
