use super::{ConfigError, Secret, parsed, required};

/// How tokens are made and checked.
#[derive(Clone, Debug)]
pub struct AuthConfig {
    /// `PROXIE_JWT_SECRET`: signs local and guest tokens; at least 32 bytes. No default.
    pub secret: Secret,
    /// `PROXIE_JWT_ISSUER`: the `iss` of local tokens (`proxie`).
    pub issuer: String,
}

impl AuthConfig {
    /// Reads the variables named at the fields.
    ///
    /// # Errors
    /// Names the variable that is missing or wrong.
    pub fn from_env() -> Result<Self, ConfigError> {
        let secret = required("PROXIE_JWT_SECRET", "at least 32 random bytes that sign tokens")?;
        if secret.len() < 32 {
            let why = "it has fewer than 32 bytes".to_owned();
            return Err(ConfigError::Wrong { name: "PROXIE_JWT_SECRET", why });
        }
        Ok(Self { secret: Secret::new(secret), issuer: parsed("PROXIE_JWT_ISSUER", "proxie".to_owned())? })
    }
}
