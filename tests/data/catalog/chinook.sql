-- The structure of Chinook, a sample of a shop for music, in PostgreSQL's names, written down from memory; the rows are made
-- here, with favourites, gaps and repeats.

CREATE TABLE artist (artist_id INT NOT NULL, name VARCHAR(120), CONSTRAINT artist_pkey PRIMARY KEY (artist_id));
CREATE TABLE album (
    album_id INT NOT NULL,
    title VARCHAR(160) NOT NULL,
    artist_id INT NOT NULL,
    CONSTRAINT album_pkey PRIMARY KEY (album_id)
);
CREATE TABLE employee (
    employee_id INT NOT NULL,
    last_name VARCHAR(20) NOT NULL,
    first_name VARCHAR(20) NOT NULL,
    title VARCHAR(30),
    reports_to INT,
    birth_date TIMESTAMP,
    hire_date TIMESTAMP,
    CONSTRAINT employee_pkey PRIMARY KEY (employee_id)
);
CREATE TABLE customer (
    customer_id INT NOT NULL,
    first_name VARCHAR(40) NOT NULL,
    last_name VARCHAR(20) NOT NULL,
    company VARCHAR(80),
    address VARCHAR(70),
    city VARCHAR(40),
    state VARCHAR(40),
    country VARCHAR(40),
    postal_code VARCHAR(10),
    phone VARCHAR(24),
    fax VARCHAR(24),
    email VARCHAR(60) NOT NULL,
    support_rep_id INT,
    CONSTRAINT customer_pkey PRIMARY KEY (customer_id)
);
CREATE TABLE genre (genre_id INT NOT NULL, name VARCHAR(120), CONSTRAINT genre_pkey PRIMARY KEY (genre_id));
CREATE TABLE media_type (media_type_id INT NOT NULL, name VARCHAR(120), CONSTRAINT media_type_pkey PRIMARY KEY (media_type_id));
CREATE TABLE playlist (playlist_id INT NOT NULL, name VARCHAR(120), CONSTRAINT playlist_pkey PRIMARY KEY (playlist_id));
CREATE TABLE track (
    track_id INT NOT NULL,
    name VARCHAR(200) NOT NULL,
    album_id INT,
    media_type_id INT NOT NULL,
    genre_id INT,
    composer VARCHAR(220),
    milliseconds INT NOT NULL,
    bytes INT,
    unit_price NUMERIC(10,2) NOT NULL,
    CONSTRAINT track_pkey PRIMARY KEY (track_id)
);
CREATE TABLE playlist_track (
    playlist_id INT NOT NULL,
    track_id INT NOT NULL,
    CONSTRAINT playlist_track_pkey PRIMARY KEY (playlist_id, track_id)
);
CREATE TABLE invoice (
    invoice_id INT NOT NULL,
    customer_id INT NOT NULL,
    invoice_date TIMESTAMP NOT NULL,
    billing_city VARCHAR(40),
    billing_state VARCHAR(40),
    billing_country VARCHAR(40),
    total NUMERIC(10,2) NOT NULL,
    CONSTRAINT invoice_pkey PRIMARY KEY (invoice_id)
);
CREATE TABLE invoice_line (
    invoice_line_id INT NOT NULL,
    invoice_id INT NOT NULL,
    track_id INT NOT NULL,
    unit_price NUMERIC(10,2) NOT NULL,
    quantity INT NOT NULL,
    CONSTRAINT invoice_line_pkey PRIMARY KEY (invoice_line_id)
);
ALTER TABLE album ADD CONSTRAINT album_artist_id_fkey FOREIGN KEY (artist_id) REFERENCES artist (artist_id);
ALTER TABLE customer ADD CONSTRAINT customer_support_rep_id_fkey FOREIGN KEY (support_rep_id) REFERENCES employee (employee_id);
ALTER TABLE employee ADD CONSTRAINT employee_reports_to_fkey FOREIGN KEY (reports_to) REFERENCES employee (employee_id);
ALTER TABLE invoice ADD CONSTRAINT fk_invoice_customer FOREIGN KEY (customer_id) REFERENCES customer (customer_id);
ALTER TABLE invoice_line ADD CONSTRAINT fk_invoice_line_invoice FOREIGN KEY (invoice_id) REFERENCES invoice (invoice_id);
ALTER TABLE invoice_line ADD CONSTRAINT fk_invoice_line_track FOREIGN KEY (track_id) REFERENCES track (track_id);
ALTER TABLE playlist_track ADD CONSTRAINT fk_playlist_track_playlist FOREIGN KEY (playlist_id) REFERENCES playlist (playlist_id);
ALTER TABLE playlist_track ADD CONSTRAINT fk_playlist_track_track FOREIGN KEY (track_id) REFERENCES track (track_id);
ALTER TABLE track ADD CONSTRAINT fk_track_album FOREIGN KEY (album_id) REFERENCES album (album_id);
ALTER TABLE track ADD CONSTRAINT fk_track_genre FOREIGN KEY (genre_id) REFERENCES genre (genre_id);
ALTER TABLE track ADD CONSTRAINT fk_track_media_type FOREIGN KEY (media_type_id) REFERENCES media_type (media_type_id);
CREATE INDEX album_artist_id_idx ON album (artist_id);
CREATE INDEX invoice_customer_id_idx ON invoice (customer_id);

INSERT INTO artist SELECT n, 'Artist ' || md5(n::text) FROM generate_series(1, 275) n;
INSERT INTO album SELECT n, 'Album ' || md5(n::text), 1 + floor(204 * power(((n * 7919) % 347) / 347.0, 1.8))::int FROM generate_series(1, 347) n;
INSERT INTO employee SELECT n, 'Last' || n, 'First' || n, (array['General Manager', 'Sales Manager', 'Sales Support Agent',
    'Sales Support Agent', 'Sales Support Agent', 'IT Manager', 'IT Staff', 'IT Staff'])[n],
    CASE WHEN n > 1 THEN n / 2 END, '1960-01-01'::timestamp + n * interval '411 days', '2002-05-01'::timestamp + n * interval '97 days'
  FROM generate_series(1, 8) n;
INSERT INTO customer SELECT n, 'Given' || n % 57, 'Surname' || n, CASE WHEN n % 6 = 0 THEN 'Company ' || n END, n || ' Road',
    'Town ' || n % 53, CASE WHEN n % 2 = 0 THEN 'State ' || n % 25 END,
    (array['USA', 'USA', 'USA', 'Canada', 'Canada', 'France', 'Brazil', 'Germany', 'Portugal', 'India'])[1 + (n * 7) % 10],
    (10000 + n * 37)::text, '+1 555 ' || (1000000 + n * 7919)::text, CASE WHEN n % 5 = 0 THEN '+1 555 ' || (2000000 + n * 7919)::text END,
    'given' || n || '@chinookmail.com', 3 + n % 3
  FROM generate_series(1, 59) n;
INSERT INTO genre SELECT n, 'Genre ' || chr(64 + n) FROM generate_series(1, 25) n;
INSERT INTO media_type SELECT n, (array['MPEG audio file', 'Protected AAC audio file', 'Protected MPEG-4 video file',
    'Purchased AAC audio file', 'AAC audio file'])[n] FROM generate_series(1, 5) n;
INSERT INTO playlist SELECT n, 'Playlist ' || n % 14 FROM generate_series(1, 18) n;
INSERT INTO track SELECT n, 'Track ' || (n * 7919) % 3257, 1 + floor(347 * power(((n * 7919) % 3503) / 3503.0, 1.2))::int,
    (array[1, 1, 1, 1, 1, 1, 1, 1, 2, 3])[1 + (n * 7907) % 10], 1 + floor(25 * power(((n * 6007) % 3503) / 3503.0, 3))::int,
    CASE WHEN n % 18 > 4 THEN 'Composer ' || (n * 104729::bigint) % 852 END, 1071 + ((n * 7919::bigint) % 3503) * 130, 38747 + ((n * 7919::bigint) % 3503) * 4100,
    CASE WHEN n % 16 = 0 THEN 1.99 ELSE 0.99 END
  FROM generate_series(1, 3503) n;
INSERT INTO playlist_track SELECT DISTINCT (array[1, 1, 1, 8, 8, 5, 3, 12, 17, 14, 15, 16])[1 + (n * 7) % 12], 1 + (n * 104729::bigint) % 3503
  FROM generate_series(1, 8715) n;
INSERT INTO invoice SELECT n, 1 + n % 59, '2009-01-01'::timestamp + ((n * 1827) / 412) * interval '1 day', 'Town ' || (1 + n % 59) % 53,
    CASE WHEN n % 2 = 0 THEN 'State ' || n % 25 END,
    (array['USA', 'USA', 'USA', 'Canada', 'Canada', 'France', 'Brazil', 'Germany', 'Portugal', 'India'])[1 + (n * 7) % 10],
    (array[0.99, 1.98, 1.98, 3.96, 5.94, 8.91, 13.86])[1 + n % 7]
  FROM generate_series(1, 412) n;
INSERT INTO invoice_line SELECT n, 1 + floor(412 * power(((n * 7919) % 2240) / 2240.0, 1.1))::int, 1 + (n * 7919) % 3503,
    CASE WHEN n % 20 = 0 THEN 1.99 ELSE 0.99 END, 1 FROM generate_series(1, 2240) n;
