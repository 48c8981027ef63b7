DROP TABLE request_types;
