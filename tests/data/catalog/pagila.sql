-- The structure of Pagila, PostgreSQL's sample of a shop that lends films, written down from memory; the rows are made here, with
-- favourites, gaps and repeats.

CREATE TYPE mpaa_rating AS ENUM ('G', 'PG', 'PG-13', 'R', 'NC-17');
CREATE DOMAIN year AS integer CONSTRAINT year_check CHECK (VALUE >= 1901 AND VALUE <= 2155);
CREATE DOMAIN mail_address AS text CHECK (VALUE ~* '^[a-z0-9.]+@[a-z0-9-]+([.][a-z]+)+$');
CREATE DOMAIN shelf_mark AS text CHECK (VALUE ~ '^[A-Z]{2}[0-9]{4}$');

CREATE FUNCTION last_updated() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN NEW.last_update = CURRENT_TIMESTAMP; RETURN NEW; END $$;

CREATE TABLE language (
    language_id serial PRIMARY KEY,
    name character(20) NOT NULL,
    last_update timestamp with time zone DEFAULT now() NOT NULL
);
CREATE TABLE category (
    category_id serial PRIMARY KEY,
    name text NOT NULL,
    last_update timestamp with time zone DEFAULT now() NOT NULL
);
CREATE TABLE actor (
    actor_id serial PRIMARY KEY,
    first_name text NOT NULL,
    last_name text NOT NULL,
    last_update timestamp with time zone DEFAULT now() NOT NULL
);
CREATE TABLE country (
    country_id serial PRIMARY KEY,
    country text NOT NULL,
    last_update timestamp with time zone DEFAULT now() NOT NULL
);
CREATE TABLE city (
    city_id serial PRIMARY KEY,
    city text NOT NULL,
    country_id integer NOT NULL REFERENCES country ON UPDATE CASCADE ON DELETE RESTRICT,
    last_update timestamp with time zone DEFAULT now() NOT NULL
);
CREATE TABLE address (
    address_id serial PRIMARY KEY,
    address text NOT NULL,
    address2 text,
    district text NOT NULL,
    city_id integer NOT NULL REFERENCES city ON UPDATE CASCADE ON DELETE RESTRICT,
    postal_code text,
    phone text NOT NULL,
    last_update timestamp with time zone DEFAULT now() NOT NULL
);
CREATE TABLE film (
    film_id serial PRIMARY KEY,
    title text NOT NULL,
    description text,
    release_year year,
    language_id integer NOT NULL REFERENCES language ON UPDATE CASCADE ON DELETE RESTRICT,
    original_language_id integer REFERENCES language ON UPDATE CASCADE ON DELETE RESTRICT,
    rental_duration smallint DEFAULT 3 NOT NULL,
    rental_rate numeric(4,2) DEFAULT 4.99 NOT NULL,
    length smallint,
    replacement_cost numeric(5,2) DEFAULT 19.99 NOT NULL,
    rating mpaa_rating DEFAULT 'G'::mpaa_rating,
    last_update timestamp with time zone DEFAULT now() NOT NULL,
    special_features text[],
    fulltext tsvector NOT NULL
);
COMMENT ON TABLE film IS 'What can be lent';
COMMENT ON COLUMN film.length IS 'In minutes';
CREATE INDEX film_fulltext_idx ON film USING gist (fulltext);
CREATE INDEX idx_title ON film (title);
CREATE TABLE film_actor (
    actor_id integer NOT NULL REFERENCES actor ON UPDATE CASCADE ON DELETE RESTRICT,
    film_id integer NOT NULL REFERENCES film ON UPDATE CASCADE ON DELETE RESTRICT,
    last_update timestamp with time zone DEFAULT now() NOT NULL,
    PRIMARY KEY (actor_id, film_id)
);
CREATE TABLE film_category (
    film_id integer NOT NULL REFERENCES film ON UPDATE CASCADE ON DELETE RESTRICT,
    category_id integer NOT NULL REFERENCES category ON UPDATE CASCADE ON DELETE RESTRICT,
    last_update timestamp with time zone DEFAULT now() NOT NULL,
    PRIMARY KEY (film_id, category_id)
);
CREATE TABLE store (
    store_id serial PRIMARY KEY,
    manager_staff_id integer NOT NULL,
    address_id integer NOT NULL REFERENCES address ON UPDATE CASCADE ON DELETE RESTRICT,
    last_update timestamp with time zone DEFAULT now() NOT NULL
);
CREATE UNIQUE INDEX idx_unq_manager_staff_id ON store (manager_staff_id);
CREATE TABLE staff (
    staff_id serial PRIMARY KEY,
    first_name text NOT NULL,
    last_name text NOT NULL,
    address_id integer NOT NULL REFERENCES address ON UPDATE CASCADE ON DELETE RESTRICT,
    email text,
    store_id integer NOT NULL REFERENCES store,
    active boolean DEFAULT true NOT NULL,
    username text NOT NULL,
    password text,
    picture bytea
);
CREATE TABLE customer (
    customer_id serial PRIMARY KEY,
    store_id integer NOT NULL REFERENCES store ON UPDATE CASCADE ON DELETE RESTRICT,
    first_name text NOT NULL,
    last_name text NOT NULL,
    email mail_address,
    address_id integer NOT NULL REFERENCES address ON UPDATE CASCADE ON DELETE RESTRICT,
    activebool boolean DEFAULT true NOT NULL,
    create_date date DEFAULT CURRENT_DATE NOT NULL,
    last_update timestamp with time zone DEFAULT now(),
    active integer
);
CREATE INDEX idx_last_name ON customer (last_name);
CREATE TABLE inventory (
    inventory_id serial PRIMARY KEY,
    film_id integer NOT NULL REFERENCES film ON UPDATE CASCADE ON DELETE RESTRICT,
    store_id integer NOT NULL REFERENCES store ON UPDATE CASCADE ON DELETE RESTRICT,
    mark shelf_mark,
    last_update timestamp with time zone DEFAULT now() NOT NULL
);
CREATE TABLE rental (
    rental_id serial PRIMARY KEY,
    rental_date timestamp with time zone NOT NULL,
    inventory_id integer NOT NULL REFERENCES inventory ON UPDATE CASCADE ON DELETE RESTRICT,
    customer_id integer NOT NULL REFERENCES customer ON UPDATE CASCADE ON DELETE RESTRICT,
    return_date timestamp with time zone,
    staff_id integer NOT NULL REFERENCES staff ON UPDATE CASCADE ON DELETE RESTRICT,
    last_update timestamp with time zone DEFAULT now() NOT NULL
);
CREATE TABLE payment (
    payment_id serial NOT NULL,
    customer_id integer NOT NULL REFERENCES customer,
    staff_id integer NOT NULL REFERENCES staff,
    rental_id integer NOT NULL REFERENCES rental,
    amount numeric(5,2) NOT NULL,
    payment_date timestamp with time zone NOT NULL,
    PRIMARY KEY (payment_date, payment_id)
) PARTITION BY RANGE (payment_date);
CREATE TABLE payment_p2022_01 PARTITION OF payment FOR VALUES FROM ('2022-01-01 00:00+00') TO ('2022-02-01 00:00+00');
CREATE TABLE payment_p2022_02 PARTITION OF payment FOR VALUES FROM ('2022-02-01 00:00+00') TO ('2022-03-01 00:00+00');
CREATE TABLE payment_p2022_03 PARTITION OF payment FOR VALUES FROM ('2022-03-01 00:00+00') TO ('2022-04-01 00:00+00');
CREATE VIEW customer_list AS SELECT customer_id AS id, first_name || ' ' || last_name AS name FROM customer;

-- Rows. `(n * 7919) % 1000` and the like spread without order.
INSERT INTO language (name) VALUES ('English'), ('Italian'), ('Japanese'), ('Mandarin'), ('French'), ('German');
INSERT INTO category (name) SELECT unnest(array['Action', 'Animation', 'Children', 'Classics', 'Comedy', 'Documentary',
  'Drama', 'Family', 'Foreign', 'Games', 'Horror', 'Music', 'New', 'Sci-Fi', 'Sports', 'Travel']);
INSERT INTO actor (first_name, last_name)
  SELECT 'FIRST' || n % 128, 'LAST' || (n * n) % 121 FROM generate_series(1, 200) n;
INSERT INTO country (country) SELECT 'Country ' || chr(64 + n / 26 + 1) || chr(65 + n % 26) FROM generate_series(1, 109) n;
INSERT INTO city (city, country_id)
  SELECT 'City of ' || md5(n::text), 1 + floor(109 * power(((n * 7919) % 601) / 601.0, 2))::int FROM generate_series(1, 600) n;
INSERT INTO address (address, address2, district, city_id, postal_code, phone)
  SELECT n || ' Some Street', CASE WHEN n > 4 THEN '' END, 'District ' || (n * 31) % 378, 1 + (n * 599) % 600,
    CASE WHEN n > 4 THEN ((n * 7919) % 100000)::text ELSE '' END, ((n * 104729::bigint) % 999999999999)::text
  FROM generate_series(1, 603) n;
INSERT INTO film (title, description, release_year, language_id, original_language_id, rental_duration, rental_rate, length,
    replacement_cost, rating, special_features, fulltext)
  SELECT 'FILM ' || upper(substr(md5(n::text), 1, 6)), 'A tale of ' || md5(n::text) || ' which must ' || md5((n + 1)::text),
    2006, 1, CASE WHEN n % 20 = 0 THEN 1 + n % 6 END, 3 + (n * 7919) % 5,
    (array[0.99, 2.99, 4.99])[1 + (n * 7907) % 3], CASE WHEN n % 25 > 0 THEN 46 + (n * 7901) % 140 END,
    9.99 + (n * 7919) % 21, (array['G', 'PG', 'PG', 'PG-13', 'PG-13', 'PG-13', 'R', 'NC-17']::mpaa_rating[])[1 + (n * 7919) % 8],
    (array['{Trailers}', '{Commentaries}', '{"Deleted Scenes"}', '{Trailers,Commentaries}', '{"Behind the Scenes"}',
      '{Trailers,"Deleted Scenes"}', '{Trailers}', '{Trailers}', '{Commentaries,"Behind the Scenes"}']::text[][])[1 + (n * 7919) % 9]::text[],
    to_tsvector('simple', 'film ' || md5(n::text))
  FROM generate_series(1, 1000) n;
INSERT INTO film_actor (actor_id, film_id)
  SELECT DISTINCT 1 + (n * 7919) % 200, 1 + floor(997 * power(((n * 6007) % 5501) / 5501.0, 1.5))::int FROM generate_series(1, 5501) n;
INSERT INTO film_category (film_id, category_id) SELECT n, 1 + (n * 7919) % 16 FROM generate_series(1, 1000) n;
INSERT INTO store (manager_staff_id, address_id) VALUES (1, 1), (2, 2);
INSERT INTO staff (first_name, last_name, address_id, email, store_id, username, password)
  VALUES ('Mike', 'Hillyer', 3, 'Mike.Hillyer@sakilastaff.com', 1, 'Mike', '8cb2237d0679ca88db6464eac60da96345513964'),
    ('Jon', 'Stephens', 4, 'Jon.Stephens@sakilastaff.com', 2, 'Jon', NULL);
INSERT INTO customer (store_id, first_name, last_name, email, address_id, activebool, create_date, active)
  SELECT 1 + (n * 7919 % 100) / 54, 'NAME' || n, 'FAMILY' || n, 'name' || n || '.family' || n || '@sakilacustomer.org', 4 + n,
    true, '2022-02-14', CASE WHEN n % 40 = 7 THEN 0 ELSE 1 END
  FROM generate_series(1, 599) n;
INSERT INTO inventory (film_id, store_id, mark)
  SELECT 1 + (n * 7919) % 958, 1 + (n / 3) % 2,
    CASE WHEN n % 9 > 0 THEN chr(65 + n % 17) || 'R' || lpad((floor(900 * power(((n * 6007) % 5501) / 5501.0, 2)))::text, 4, '0') END
  FROM generate_series(1, 4581) n;
INSERT INTO rental (rental_date, inventory_id, customer_id, return_date, staff_id)
  SELECT '2022-01-01 00:00:00+00'::timestamptz + (n * 460 + (n * 7919) % 300) * interval '1 second',
    1 + (n * 7919) % 4580, 1 + floor(599 * power(((n * 104729::bigint) % 16001) / 16001.0, 1.3))::int,
    CASE WHEN n % 88 > 0 THEN '2022-01-02 00:00:00+00'::timestamptz + (n * 460 + (n * 104729::bigint) % 700000) * interval '1 second' END,
    1 + n % 2
  FROM generate_series(1, 16000) n;
INSERT INTO payment (customer_id, staff_id, rental_id, amount, payment_date)
  SELECT customer_id, staff_id, rental_id, (array[0.99, 2.99, 2.99, 4.99, 4.99, 4.99, 5.99, 6.99, 7.99, 8.99])[1 + (rental_id * 7919) % 10],
    rental_date + interval '3 seconds' FROM rental;
CREATE TRIGGER last_updated BEFORE UPDATE ON film FOR EACH ROW EXECUTE FUNCTION last_updated();
UPDATE film SET last_update = '2022-09-10 16:46:03.905795+00';
