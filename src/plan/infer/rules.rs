//! What columns hold whose names say it: a table of names, and the long forms that they stand for.

/// What a rule makes.
pub(super) enum Form {
    /// Bounds, and a distribution with its arguments.
    Range(&'static str, &'static str, Option<(&'static str, &'static [(&'static str, f64)])>),
    /// Values with weights.
    Values(&'static [(&'static str, f64)]),
    /// A regular expression.
    Pattern(&'static str),
    /// A template.
    Template(&'static str),
    /// A provider.
    Fake(&'static str),
}

/// The types a rule is for.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum For {
    Numbers,
    Moments,
    Booleans,
    Texts,
    Json,
}

impl For {
    /// The types, in a word.
    pub(super) fn words(self) -> &'static str {
        match self {
            For::Numbers => "numbers",
            For::Moments => "dates, timestamps",
            For::Booleans => "booleans",
            For::Texts => "texts",
            For::Json => "json, jsonb",
        }
    }
}

/// A rule: columns whose name is one of these, or ends in `_` and one of these.
pub struct NameRule {
    /// The names.
    pub names: &'static [&'static str],
    pub(super) types: For,
    pub(super) form: Form,
}

impl NameRule {
    /// The types it is for, in a word.
    pub fn types(&self) -> &'static str {
        self.types.words()
    }

    /// What could have been written in the spec instead.
    pub fn long_form(&self) -> String {
        match &self.form {
            Form::Values(values) => {
                let weighted: Vec<String> =
                    values.iter().map(|(value, weight)| format!("{value}: {weight}")).collect();
                format!("values: {{{}}}", weighted.join(", "))
            }
            Form::Pattern(pattern) => format!("pattern: {pattern}"),
            Form::Template(template) => format!("template: {template}"),
            Form::Fake(provider) => format!("fake: {provider}"),
            Form::Range(min, max, None) => format!("min: {min}, max: {max}"),
            Form::Range(min, max, Some((name, arguments))) => {
                let arguments: Vec<String> =
                    arguments.iter().map(|(name, value)| format!("{name}: {value}")).collect();
                format!("min: {min}, max: {max}, distribution: {{{name}: {{{}}}}}", arguments.join(", "))
            }
        }
    }
}

const fn rule(types: For, names: &'static [&'static str], form: Form) -> NameRule {
    NameRule { names, types, form }
}

const YES: Form = Form::Values(&[("true", 85.0), ("false", 15.0)]);
const NO: Form = Form::Values(&[("false", 90.0), ("true", 10.0)]);

/// The rules, the first that fits counts.
pub static NAME_RULES: &[NameRule] = &[
    rule(
        For::Numbers,
        &["age"],
        Form::Range("18", "95", Some(("normal", &[("mean", 41.0), ("std_dev", 15.0)]))),
    ),
    rule(
        For::Numbers,
        &["rating", "stars"],
        Form::Range("1", "5", Some(("triangular", &[("min", 1.0), ("mode", 5.0), ("max", 5.0)]))),
    ),
    rule(
        For::Numbers,
        &["score"],
        Form::Range("0", "100", Some(("normal", &[("mean", 65.0), ("std_dev", 18.0)]))),
    ),
    rule(
        For::Numbers,
        &["quantity", "qty", "units"],
        Form::Range("1", "20", Some(("geometric", &[("p", 0.45)]))),
    ),
    rule(
        For::Numbers,
        &["stock", "on_hand", "inventory", "stock_quantity", "stock_level", "reorder_level"],
        Form::Range("0", "500", None),
    ),
    rule(
        For::Numbers,
        &["price", "cost", "unit_price", "fee"],
        Form::Range("0.5", "5000", Some(("lognormal", &[("mu", 3.4), ("sigma", 0.9)]))),
    ),
    rule(
        For::Numbers,
        &["amount", "total", "subtotal", "value"],
        Form::Range("1", "50000", Some(("lognormal", &[("mu", 4.4), ("sigma", 1.0)]))),
    ),
    rule(
        For::Numbers,
        &["balance"],
        Form::Range("0", "250000", Some(("lognormal", &[("mu", 7.6), ("sigma", 1.2)]))),
    ),
    rule(
        For::Numbers,
        &["salary", "income"],
        Form::Range("15000", "400000", Some(("lognormal", &[("mu", 10.9), ("sigma", 0.45)]))),
    ),
    rule(For::Numbers, &["interest_rate"], Form::Range("0.005", "0.12", None)),
    rule(For::Numbers, &["percent", "percentage", "pct"], Form::Range("0", "100", None)),
    rule(For::Numbers, &["rate", "ratio", "share", "discount"], Form::Range("0", "1", None)),
    rule(For::Numbers, &["latitude", "lat"], Form::Range("-60", "70", None)),
    rule(For::Numbers, &["longitude", "lon", "lng"], Form::Range("-180", "180", None)),
    rule(For::Numbers, &["birth_year", "year_of_birth"], Form::Range("1945", "2007", None)),
    rule(For::Numbers, &["year"], Form::Range("2015", "2025", None)),
    rule(For::Numbers, &["month"], Form::Range("1", "12", None)),
    rule(For::Numbers, &["day"], Form::Range("1", "28", None)),
    rule(For::Numbers, &["hour"], Form::Range("0", "23", None)),
    rule(For::Numbers, &["minute", "second"], Form::Range("0", "59", None)),
    rule(
        For::Numbers,
        &["weight", "weight_kg"],
        Form::Range("0.1", "120", Some(("lognormal", &[("mu", 1.0), ("sigma", 1.0)]))),
    ),
    rule(
        For::Numbers,
        &["height", "height_cm"],
        Form::Range("140", "210", Some(("normal", &[("mean", 171.0), ("std_dev", 10.0)]))),
    ),
    rule(
        For::Numbers,
        &["view_count", "views", "page_views", "impressions"],
        Form::Range("0", "100000", Some(("lognormal", &[("mu", 5.5), ("sigma", 1.3)]))),
    ),
    rule(
        For::Numbers,
        &["likes", "like_count", "votes", "upvotes", "downloads", "clicks", "followers", "follower_count"],
        Form::Range("0", "50000", Some(("lognormal", &[("mu", 3.5), ("sigma", 1.2)]))),
    ),
    rule(
        For::Numbers,
        &["retry_count", "retries", "attempts"],
        Form::Range("0", "5", Some(("geometric", &[("p", 0.6)]))),
    ),
    rule(
        For::Numbers,
        &["count"],
        Form::Range("0", "500", Some(("lognormal", &[("mu", 2.5), ("sigma", 1.1)]))),
    ),
    rule(
        For::Numbers,
        &["duration_minutes", "duration_min", "duration", "minutes"],
        Form::Range("5", "240", Some(("normal", &[("mean", 60.0), ("std_dev", 35.0)]))),
    ),
    rule(
        For::Numbers,
        &["duration_seconds", "seconds"],
        Form::Range("5", "7200", Some(("lognormal", &[("mu", 5.0), ("sigma", 1.0)]))),
    ),
    rule(
        For::Numbers,
        &["duration_ms", "latency_ms", "response_time_ms", "response_time", "elapsed_ms"],
        Form::Range("5", "5000", Some(("lognormal", &[("mu", 4.6), ("sigma", 0.8)]))),
    ),
    rule(
        For::Numbers,
        &["position", "sort_order", "display_order", "rank", "ordinal"],
        Form::Range("1", "20", None),
    ),
    rule(For::Numbers, &["level"], Form::Range("1", "10", None)),
    rule(
        For::Numbers,
        &["capacity", "seats", "max_participants", "max_attendees"],
        Form::Range("10", "500", None),
    ),
    rule(
        For::Numbers,
        &["file_size", "size_bytes", "bytes", "file_size_bytes"],
        Form::Range("1000", "50000000", Some(("lognormal", &[("mu", 12.0), ("sigma", 1.6)]))),
    ),
    rule(For::Numbers, &["port"], Form::Range("1024", "65535", None)),
    rule(For::Numbers, &["version", "revision"], Form::Range("1", "12", Some(("geometric", &[("p", 0.4)])))),
    rule(
        For::Numbers,
        &["points"],
        Form::Range("0", "10000", Some(("lognormal", &[("mu", 6.0), ("sigma", 1.0)]))),
    ),
    rule(
        For::Numbers,
        &["temperature"],
        Form::Range("-20", "40", Some(("normal", &[("mean", 15.0), ("std_dev", 9.0)]))),
    ),
    rule(
        For::Numbers,
        &["humidity"],
        Form::Range("0", "100", Some(("normal", &[("mean", 60.0), ("std_dev", 15.0)]))),
    ),
    rule(
        For::Numbers,
        &["budget", "revenue", "credit_limit"],
        Form::Range("1000", "1000000", Some(("lognormal", &[("mu", 10.2), ("sigma", 1.0)]))),
    ),
    rule(
        For::Numbers,
        &["tax", "tip", "deposit"],
        Form::Range("0", "500", Some(("lognormal", &[("mu", 2.3), ("sigma", 0.8)]))),
    ),
    rule(For::Numbers, &["gpa"], Form::Range("0", "4", Some(("normal", &[("mean", 3.1), ("std_dev", 0.5)])))),
    rule(For::Numbers, &["credits"], Form::Range("1", "6", None)),
    rule(For::Numbers, &["bedrooms"], Form::Range("1", "5", None)),
    rule(For::Numbers, &["bathrooms"], Form::Range("1", "4", None)),
    rule(
        For::Numbers,
        &["years_experience", "experience_years", "years_of_experience"],
        Form::Range("0", "40", Some(("beta", &[("alpha", 1.5), ("beta", 4.0)]))),
    ),
    rule(
        For::Numbers,
        &["status_code", "http_status", "response_code"],
        Form::Values(&[
            ("200", 80.0),
            ("201", 6.0),
            ("204", 3.0),
            ("400", 3.0),
            ("401", 2.0),
            ("404", 4.0),
            ("500", 2.0),
        ]),
    ),
    rule(
        For::Moments,
        &["birth_date", "birthdate", "date_of_birth", "dob", "born_on", "birthday"],
        Form::Range(
            "as_of - interval '90 years'",
            "as_of - interval '18 years'",
            Some(("beta", &[("alpha", 2.0), ("beta", 1.6)])),
        ),
    ),
    rule(
        For::Moments,
        &["expires_at", "expiry_date", "expires_on", "expiration_date", "valid_until", "due_date", "due_at"],
        Form::Range("as_of", "as_of + interval '2 years'", None),
    ),
    rule(For::Booleans, &["active", "enabled", "verified", "visible", "available", "published"], YES),
    rule(For::Booleans, &["deleted", "archived", "blocked", "banned", "hidden", "deprecated", "locked"], NO),
    rule(
        For::Texts,
        &["marital_status"],
        Form::Values(&[("single", 40.0), ("married", 45.0), ("divorced", 11.0), ("widowed", 4.0)]),
    ),
    rule(
        For::Texts,
        &["relationship"],
        Form::Values(&[
            ("spouse", 40.0),
            ("parent", 25.0),
            ("child", 15.0),
            ("sibling", 12.0),
            ("friend", 8.0),
        ]),
    ),
    rule(For::Texts, &["phone_extension"], Form::Pattern("[1-9][0-9]{2,3}")),
    rule(For::Texts, &["version"], Form::Pattern(r"[1-9]\.[0-9]{1,2}\.[0-9]{1,2}")),
    rule(
        For::Texts,
        &["payment_status"],
        Form::Values(&[("paid", 80.0), ("pending", 12.0), ("failed", 5.0), ("refunded", 3.0)]),
    ),
    rule(
        For::Texts,
        &["order_status", "fulfillment_status", "delivery_status", "shipping_status"],
        Form::Values(&[
            ("pending", 10.0),
            ("processing", 15.0),
            ("shipped", 25.0),
            ("delivered", 45.0),
            ("cancelled", 5.0),
        ]),
    ),
    rule(
        For::Texts,
        &["employment_type", "employment_status"],
        Form::Values(&[("full_time", 75.0), ("part_time", 15.0), ("contract", 10.0)]),
    ),
    rule(For::Texts, &["status"], Form::Values(&[("active", 70.0), ("pending", 15.0), ("inactive", 15.0)])),
    rule(For::Texts, &["priority"], Form::Values(&[("low", 30.0), ("medium", 50.0), ("high", 20.0)])),
    rule(
        For::Texts,
        &["severity"],
        Form::Values(&[("low", 40.0), ("medium", 35.0), ("high", 20.0), ("critical", 5.0)]),
    ),
    rule(For::Texts, &["role"], Form::Values(&[("member", 75.0), ("editor", 15.0), ("admin", 10.0)])),
    rule(
        For::Texts,
        &["plan", "plan_name", "subscription_plan"],
        Form::Values(&[("free", 45.0), ("basic", 30.0), ("pro", 20.0), ("enterprise", 5.0)]),
    ),
    rule(
        For::Texts,
        &["tier"],
        Form::Values(&[("standard", 70.0), ("silver", 18.0), ("gold", 9.0), ("platinum", 3.0)]),
    ),
    rule(
        For::Texts,
        &["billing_cycle", "billing_period", "billing_interval", "frequency"],
        Form::Values(&[("monthly", 65.0), ("yearly", 35.0)]),
    ),
    rule(For::Texts, &["device_type"], Form::Values(&[("mobile", 55.0), ("desktop", 38.0), ("tablet", 7.0)])),
    rule(
        For::Texts,
        &["browser"],
        Form::Values(&[("Chrome", 64.0), ("Safari", 20.0), ("Firefox", 8.0), ("Edge", 8.0)]),
    ),
    rule(
        For::Texts,
        &["operating_system", "os"],
        Form::Values(&[("Windows", 45.0), ("macOS", 20.0), ("Android", 20.0), ("iOS", 12.0), ("Linux", 3.0)]),
    ),
    rule(
        For::Texts,
        &["environment"],
        Form::Values(&[("production", 60.0), ("staging", 25.0), ("development", 15.0)]),
    ),
    rule(
        For::Texts,
        &["http_method", "request_method"],
        Form::Values(&[("GET", 70.0), ("POST", 18.0), ("PUT", 6.0), ("DELETE", 4.0), ("PATCH", 2.0)]),
    ),
    rule(
        For::Texts,
        &["channel", "sales_channel"],
        Form::Values(&[("web", 55.0), ("mobile", 30.0), ("store", 10.0), ("phone", 5.0)]),
    ),
    rule(For::Texts, &["difficulty"], Form::Values(&[("easy", 35.0), ("medium", 45.0), ("hard", 20.0)])),
    rule(
        For::Texts,
        &["blood_type"],
        Form::Values(&[
            ("O+", 37.0),
            ("A+", 33.0),
            ("B+", 9.0),
            ("AB+", 3.0),
            ("O-", 7.0),
            ("A-", 7.0),
            ("B-", 3.0),
            ("AB-", 1.0),
        ]),
    ),
    rule(
        For::Texts,
        &["unit", "unit_of_measure", "uom"],
        Form::Values(&[("piece", 60.0), ("kg", 15.0), ("litre", 10.0), ("box", 10.0), ("metre", 5.0)]),
    ),
    rule(
        For::Texts,
        &["excerpt", "snippet", "teaser", "blurb", "meta_description", "caption", "tagline"],
        Form::Fake("sentence"),
    ),
    rule(
        For::Texts,
        &[
            "image_url",
            "photo_url",
            "avatar_url",
            "thumbnail_url",
            "logo_url",
            "cover_url",
            "image",
            "photo",
            "avatar",
            "thumbnail",
            "featured_image",
            "cover_image",
            "profile_picture",
        ],
        Form::Pattern(r"https://images\.example\.com/[0-9a-f]{12}\.jpg"),
    ),
    rule(
        For::Texts,
        &["password_hash", "password_digest", "hashed_password", "pin_hash"],
        Form::Pattern(r"\$2b\$12\$[./A-Za-z0-9]{53}"),
    ),
    rule(
        For::Texts,
        &["api_key", "access_token", "refresh_token", "session_token", "token", "secret"],
        Form::Pattern("[A-Za-z0-9]{32}"),
    ),
    rule(
        For::Texts,
        &["uuid", "guid", "id"],
        Form::Pattern("[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}"),
    ),
    rule(For::Texts, &["id"], Form::Pattern("[A-Z0-9]{8}")),
    rule(
        For::Texts,
        &[
            "order_number",
            "invoice_number",
            "ticket_number",
            "reference_number",
            "receipt_number",
            "confirmation_number",
            "po_number",
            "policy_number",
            "contract_number",
            "booking_number",
            "booking_reference",
            "confirmation_code",
            "serial_number",
            "membership_number",
            "employee_number",
            "student_number",
        ],
        Form::Pattern("[A-Z]{2}[0-9]{8}"),
    ),
    rule(
        For::Json,
        &["settings", "preferences", "config", "configuration", "options"],
        Form::Template(
            r#"{{"theme": "{case when random() < 0.6 then 'light' else 'dark' end}", "language": "en", "notifications": {case when random() < 0.8 then 'true' else 'false' end}}}"#,
        ),
    ),
    rule(
        For::Json,
        &["features", "permissions", "flags", "limits"],
        Form::Template(
            r#"{{"api_access": {case when random() < 0.5 then 'true' else 'false' end}, "reports": {case when random() < 0.7 then 'true' else 'false' end}, "max_users": {5 * (1 + floor(random() * 20))}}}"#,
        ),
    ),
    rule(
        For::Json,
        &["tags", "labels", "keywords"],
        Form::Template(
            r#"["{case when random() < 0.5 then 'new' else 'popular' end}", "{case when random() < 0.5 then 'sale' else 'featured' end}"]"#,
        ),
    ),
    rule(
        For::Json,
        &["metadata", "meta", "attributes", "properties", "extra", "data", "payload", "context", "details"],
        Form::Template(
            r#"{{"source": "{case when random() < 0.6 then 'web' when random() < 0.6 then 'mobile' else 'api' end}", "version": {1 + floor(random() * 5)}}}"#,
        ),
    ),
];
