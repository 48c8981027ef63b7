//! Numbers as each language writes them.

use super::Lang;

/// A whole number with its thousands grouped: `12 480` in French (narrow no-break space),
/// `12,480` in English.
#[must_use]
pub fn integer(lang: Lang, value: i64) -> String {
    let digits = value.unsigned_abs().to_string();
    let separator = match lang {
        Lang::Fr => "\u{202f}",
        Lang::En => ",",
    };
    let mut grouped = String::with_capacity(digits.len() + 8);
    if value < 0 {
        grouped.push('−');
    }
    for (i, digit) in digits.chars().enumerate() {
        if i > 0 && (digits.len() - i).is_multiple_of(3) {
            grouped.push_str(separator);
        }
        grouped.push(digit);
    }
    grouped
}

/// A file's size in decimal units: `38 Ko`, `1,4 Mo`; `38 kB`, `1.4 MB`.
#[must_use]
pub fn file_size(lang: Lang, bytes: u64) -> String {
    let (units, decimal) = match lang {
        Lang::Fr => (["octets", "Ko", "Mo", "Go"], ","),
        Lang::En => (["bytes", "kB", "MB", "GB"], "."),
    };
    let (value, unit) = match bytes {
        0..1_000 => return format!("{bytes}\u{a0}{}", units[0]),
        1_000..1_000_000 => (bytes.div_ceil(100), units[1]),
        1_000_000..1_000_000_000 => (bytes / 100_000, units[2]),
        _ => (bytes / 100_000_000, units[3]),
    };
    if value >= 100 || value.is_multiple_of(10) {
        format!("{}\u{a0}{unit}", value / 10)
    } else {
        format!("{}{decimal}{}\u{a0}{unit}", value / 10, value % 10)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn thousands_are_grouped_as_the_language_does() {
        assert_eq!(integer(Lang::Fr, 12_480), "12\u{202f}480");
        assert_eq!(integer(Lang::En, 1_234_567), "1,234,567");
        assert_eq!(integer(Lang::Fr, 2642), "2\u{202f}642");
        assert_eq!(integer(Lang::Fr, 999), "999");
        assert_eq!(integer(Lang::En, 2642), "2,642");
        assert_eq!(integer(Lang::En, -12_000), "−12,000");
    }

    #[test]
    fn sizes_use_the_unit_that_reads_best() {
        assert_eq!(file_size(Lang::Fr, 512), "512\u{a0}octets");
        assert_eq!(file_size(Lang::Fr, 38_000), "38\u{a0}Ko");
        assert_eq!(file_size(Lang::En, 1_460_000), "1.4\u{a0}MB");
        assert_eq!(file_size(Lang::En, 20_000_000), "20\u{a0}MB");
    }
}
