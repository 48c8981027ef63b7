DROP TABLE deflections;
DROP TABLE article_faults;
DROP TABLE articles;
DROP TABLE sections;
