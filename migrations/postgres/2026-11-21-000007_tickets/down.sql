DROP TABLE attachments;
DROP TABLE messages;
DROP TABLE ticket_tags;
DROP TABLE tickets;
