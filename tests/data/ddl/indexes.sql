-- Keys with names of their own, and indexes over more than columns.
CREATE TABLE tenants (
    id bigint NOT NULL,
    slug text NOT NULL,
    name text,
    settings jsonb,
    closed_at timestamp with time zone,
    CONSTRAINT pk_tenants PRIMARY KEY (id),
    CONSTRAINT uq_tenants_slug UNIQUE (slug)
);
CREATE TABLE members (
    tenant_id bigint NOT NULL,
    line_no integer NOT NULL,
    email varchar(120) NOT NULL,
    nickname varchar(40),
    badge text,
    "Role" text NOT NULL,
    joined_on date,
    left_on date,
    bio text,
    CONSTRAINT members_key PRIMARY KEY (tenant_id, line_no),
    CONSTRAINT members_of_tenants FOREIGN KEY (tenant_id) REFERENCES tenants (id),
    CONSTRAINT one_badge UNIQUE (tenant_id, badge)
);
CREATE UNIQUE INDEX members_email ON members (lower(email));
CREATE UNIQUE INDEX members_nickname ON members (tenant_id, lower(nickname)) WHERE left_on IS NULL;
CREATE UNIQUE INDEX members_newest ON members (joined_on) WHERE left_on IS NULL;
CREATE INDEX members_recent ON members (joined_on DESC NULLS LAST, "Role");
CREATE INDEX members_gone ON members USING btree (left_on) WHERE left_on IS NOT NULL AND "Role" <> 'owner';
CREATE INDEX members_search ON members USING gin (to_tsvector('english'::regconfig, bio));
CREATE INDEX members_prefix ON members (email text_pattern_ops);
CREATE INDEX members_label ON members ((nickname || '-'));
CREATE INDEX tenants_settings ON tenants USING gin (settings jsonb_path_ops);
CREATE INDEX tenants_theme ON tenants ((settings ->> 'theme'));
CREATE INDEX tenants_own ON tenants (own_hash(name));
CREATE INDEX tenants_wide ON tenants (closed_at) INCLUDE (name);
