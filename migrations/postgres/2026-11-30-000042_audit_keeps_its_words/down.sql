DROP TRIGGER audit_keeps_its_words ON events;
DROP FUNCTION keep_words_of_audit();
DROP FUNCTION words_of_event(TEXT, TEXT);
