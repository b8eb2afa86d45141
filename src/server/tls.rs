//! Encryption: libpq's `sslmode` by rustls.

use super::error::Error;
use rustls::client::WebPkiServerVerifier;
use rustls::client::danger::{HandshakeSignatureValid, ServerCertVerified, ServerCertVerifier};
use rustls::crypto::{CryptoProvider, ring, verify_tls12_signature, verify_tls13_signature};
use rustls::pki_types::pem::PemObject;
use rustls::pki_types::{CertificateDer, PrivateKeyDer, ServerName, UnixTime};
use rustls::{CertificateError, ClientConfig, DigitallySignedStruct, RootCertStore, SignatureScheme};
use std::path::{Path, PathBuf};
use std::sync::Arc;
use tokio_postgres_rustls::MakeRustlsConnect;

/// How much security is asked for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum TlsMode {
    Disable,
    Allow,
    Prefer,
    Require,
    VerifyCa,
    VerifyFull,
}

impl TlsMode {
    pub const NAMES: [(&'static str, TlsMode); 6] = [
        ("disable", TlsMode::Disable),
        ("allow", TlsMode::Allow),
        ("prefer", TlsMode::Prefer),
        ("require", TlsMode::Require),
        ("verify-ca", TlsMode::VerifyCa),
        ("verify-full", TlsMode::VerifyFull),
    ];

    /// In which ways a connection is tried, one after the other: encrypted or not.
    pub fn ways(self) -> &'static [bool] {
        match self {
            TlsMode::Disable => &[false],
            TlsMode::Allow => &[false, true],
            TlsMode::Prefer => &[true, false],
            TlsMode::Require | TlsMode::VerifyCa | TlsMode::VerifyFull => &[true],
        }
    }
}

/// How connections are secured.
#[derive(Clone)]
pub(super) struct Tls {
    pub mode: TlsMode,
    pub connector: MakeRustlsConnect,
}

impl Tls {
    /// Of a mode (`None`: the usual), the file of trusted certificates, and the files of one's own certificate and key.
    pub fn new(
        asked: Option<TlsMode>,
        roots: Option<PathBuf>,
        own: Option<(PathBuf, PathBuf)>,
    ) -> Result<Self, Error> {
        let is_system = roots.as_deref() == Some(Path::new("system"));
        let mode = match asked {
            Some(mode) if is_system && mode != TlsMode::VerifyFull => {
                return Err(Error::setting("`sslrootcert=system` trusts every public authority")
                    .help("with it goes only sslmode=verify-full"));
            }
            // As libpq: with authorities to hold them to, certificates are held to them.
            Some(TlsMode::Require) if roots.is_some() => TlsMode::VerifyCa,
            Some(mode) => mode,
            None if is_system => TlsMode::VerifyFull,
            None => TlsMode::Prefer,
        };
        let provider = Arc::new(ring::default_provider());
        let verifier: Arc<dyn ServerCertVerifier> = match (mode, roots) {
            (TlsMode::VerifyFull, roots) => chain(roots.filter(|_| !is_system).as_deref(), &provider)?,
            (TlsMode::VerifyCa, Some(roots)) => Arc::new(AnyName(chain(Some(&roots), &provider)?)),
            (TlsMode::VerifyCa, None) => {
                return Err(Error::setting("sslmode=verify-ca needs to know whom to trust")
                    .help("name the authority's certificate: sslrootcert=FILE, or ~/.postgresql/root.crt"));
            }
            _ => Arc::new(Anybody(provider.clone())),
        };
        let config = ClientConfig::builder_with_provider(provider)
            .with_safe_default_protocol_versions()
            .map_err(|cause| Error::setting(format!("TLS cannot be set up: {cause}")))?
            .dangerous()
            .with_custom_certificate_verifier(verifier);
        let config = match own {
            None => config.with_no_client_auth(),
            Some((certificate, key)) => {
                let chain = certificates(&certificate)?;
                let secret = PrivateKeyDer::from_pem_file(&key).map_err(|cause| unreadable(&key, cause))?;
                config
                    .with_client_auth_cert(chain, secret)
                    .map_err(|cause| unreadable(&certificate, cause))?
            }
        };
        Ok(Self { mode, connector: MakeRustlsConnect::new(config) })
    }
}

fn unreadable(file: &Path, cause: impl std::fmt::Display) -> Error {
    Error::setting(format!("cannot use {}: {cause}", file.display()))
}

fn certificates(file: &Path) -> Result<Vec<CertificateDer<'static>>, Error> {
    let read = CertificateDer::pem_file_iter(file).and_then(Iterator::collect::<Result<Vec<_>, _>>);
    let read = read.map_err(|cause| unreadable(file, cause))?;
    if read.is_empty() { Err(unreadable(file, "it holds no certificate")) } else { Ok(read) }
}

/// Holds certificates to the authorities of a file, or to those that the system trusts.
fn chain(file: Option<&Path>, provider: &Arc<CryptoProvider>) -> Result<Arc<WebPkiServerVerifier>, Error> {
    let trusted = match file {
        Some(file) => certificates(file)?,
        None => rustls_native_certs::load_native_certs().certs,
    };
    let mut roots = RootCertStore::empty();
    roots.add_parsable_certificates(trusted);
    let built = WebPkiServerVerifier::builder_with_provider(Arc::new(roots), provider.clone()).build();
    built.map_err(|_| match file {
        Some(file) => unreadable(file, "it holds no certificate of an authority"),
        None => {
            Error::setting("the system trusts no authority").help("name one's certificate: sslrootcert=FILE")
        }
    })
}

/// `verify-ca`: a certificate of a trusted authority, whatever name is in it.
#[derive(Debug)]
struct AnyName(Arc<WebPkiServerVerifier>);

/// `prefer` and `require`: encrypted, with whomever. The handshake's signatures are checked, so that it is one server throughout.
#[derive(Debug)]
struct Anybody(Arc<CryptoProvider>);

impl ServerCertVerifier for AnyName {
    fn verify_server_cert(
        &self,
        certificate: &CertificateDer<'_>,
        intermediates: &[CertificateDer<'_>],
        name: &ServerName<'_>,
        ocsp: &[u8],
        now: UnixTime,
    ) -> Result<ServerCertVerified, rustls::Error> {
        use CertificateError::{NotValidForName, NotValidForNameContext};
        match self.0.verify_server_cert(certificate, intermediates, name, ocsp, now) {
            // The name is looked at last, when all else was right.
            Err(rustls::Error::InvalidCertificate(NotValidForName | NotValidForNameContext { .. })) => {
                Ok(ServerCertVerified::assertion())
            }
            other => other,
        }
    }

    fn verify_tls12_signature(
        &self,
        message: &[u8],
        certificate: &CertificateDer<'_>,
        signature: &DigitallySignedStruct,
    ) -> Result<HandshakeSignatureValid, rustls::Error> {
        self.0.verify_tls12_signature(message, certificate, signature)
    }

    fn verify_tls13_signature(
        &self,
        message: &[u8],
        certificate: &CertificateDer<'_>,
        signature: &DigitallySignedStruct,
    ) -> Result<HandshakeSignatureValid, rustls::Error> {
        self.0.verify_tls13_signature(message, certificate, signature)
    }

    fn supported_verify_schemes(&self) -> Vec<SignatureScheme> {
        self.0.supported_verify_schemes()
    }
}

impl ServerCertVerifier for Anybody {
    fn verify_server_cert(
        &self,
        _: &CertificateDer<'_>,
        _: &[CertificateDer<'_>],
        _: &ServerName<'_>,
        _: &[u8],
        _: UnixTime,
    ) -> Result<ServerCertVerified, rustls::Error> {
        Ok(ServerCertVerified::assertion())
    }

    fn verify_tls12_signature(
        &self,
        message: &[u8],
        certificate: &CertificateDer<'_>,
        signature: &DigitallySignedStruct,
    ) -> Result<HandshakeSignatureValid, rustls::Error> {
        verify_tls12_signature(message, certificate, signature, &self.0.signature_verification_algorithms)
    }

    fn verify_tls13_signature(
        &self,
        message: &[u8],
        certificate: &CertificateDer<'_>,
        signature: &DigitallySignedStruct,
    ) -> Result<HandshakeSignatureValid, rustls::Error> {
        verify_tls13_signature(message, certificate, signature, &self.0.signature_verification_algorithms)
    }

    fn supported_verify_schemes(&self) -> Vec<SignatureScheme> {
        self.0.signature_verification_algorithms.supported_schemes()
    }
}
