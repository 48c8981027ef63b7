//! `guichet kb`: proof-reading, taking over and indexing articles.

use std::path::PathBuf;

use clap::{Args, Subcommand};
use serde_json::{Value, json};

use super::search::bring_up;
use super::{CommandError, CommandResult, open_site, say};
use crate::config;
use crate::knowledge::check::{self, Finding};
use crate::knowledge::import::{self, Fate, Line, Options};
use crate::knowledge::index::ArticleIndex;
use crate::knowledge::job;
use crate::knowledge::model::Audience;
use crate::platform::i18n::{Lang, Message};

/// What to do with the articles.
#[derive(Subcommand)]
pub(super) enum Kb {
    /// Proof-read the folder of the articles.
    ///
    /// Names files that cannot be used, links, headings and pictures that do not exist, articles
    /// that their own sample questions do not find, and articles without translation. The exit
    /// code is 1 when readers would meet something broken.
    Check {
        /// The folder; without it, the one of the settings.
        dir: Option<PathBuf>,
        /// Print a JSON object.
        #[arg(long)]
        json: bool,
    },
    /// Make the search index anew from the articles.
    Reindex,
    /// Take over a folder of Markdown files, whose front matter may be no more than a title, a
    /// slug and a language.
    Import(Import),
}

/// How to take files over.
#[derive(Args)]
pub(super) struct Import {
    /// The folder they lie in, with its sub-folders.
    dir: PathBuf,
    /// Language of files that name none.
    #[arg(long)]
    lang: Option<Lang>,
    /// Section that all of them go to; without it, the folder that each lies in.
    #[arg(long)]
    section: Option<String>,
    /// Audience of files that name none: public, customers or internal.
    #[arg(long)]
    audience: Option<Audience>,
    /// Overwrite files that differ.
    #[arg(long)]
    replace: bool,
    /// Print a JSON object.
    #[arg(long)]
    json: bool,
}

pub(super) fn run(command: Kb) -> CommandResult {
    match command {
        Kb::Check { dir, json } => check(dir, json),
        Kb::Reindex => reindex(),
        Kb::Import(options) => import(&options),
    }
}

fn check(dir: Option<PathBuf>, as_json: bool) -> CommandResult {
    let root = match dir {
        Some(dir) => dir,
        None => {
            config::from_environment()
                .map_err(CommandError::Configuration)?
                .kb_dir
        }
    };
    if !root.is_dir() {
        return Err(CommandError::NotFound(format!(
            "there is no folder {}",
            root.display()
        )));
    }
    let report = check::check(&root)?;
    if as_json {
        let findings: Vec<_> = report.findings.iter().map(finding).collect();
        print(&json!({ "articles": report.articles, "findings": findings }))?;
    } else {
        report
            .findings
            .iter()
            .for_each(|f| say!("{}", check::line(f, Lang::En)));
        say!(
            "{} articles read, {} findings",
            report.articles,
            report.findings.len()
        );
    }
    if report.has_errors() {
        return Err(CommandError::Failed("the articles have errors".to_owned()));
    }
    Ok(())
}

fn finding(finding: &Finding) -> Value {
    json!({
        "severity": finding.severity,
        "path": finding.fault.path,
        "line": finding.fault.line,
        "code": finding.fault.reason.key(),
        "reason": both_languages(&finding.fault.reason),
    })
}

fn both_languages(message: &Message) -> Value {
    let texts = Lang::ALL
        .iter()
        .map(|lang| (lang.to_string(), message.render(*lang).into()));
    Value::Object(texts.collect())
}

fn reindex() -> CommandResult {
    let site = open_site()?;
    job::follow_folder(&site)?;
    site.part::<ArticleIndex>().rebuild(&site.db)?;
    say!("The index of the articles was made anew.");
    Ok(())
}

fn import(options: &Import) -> CommandResult {
    if !options.dir.is_dir() {
        let missing = format!("there is no folder {}", options.dir.display());
        return Err(CommandError::NotFound(missing));
    }
    let site = open_site()?;
    let how = Options {
        lang: options.lang,
        section: options.section.clone(),
        audience: options.audience,
        replace: options.replace,
    };
    let report = import::import(&options.dir, &site.settings.kb_dir, &how)?;
    job::follow_folder(&site)?;
    bring_up(&site)?;
    let count = |fate| report.iter().filter(|line| line.fate == fate).count();
    if options.json {
        let files: Vec<_> = report.iter().map(imported).collect();
        print(&json!({ "files": files }))?;
    } else {
        report.iter().for_each(|line| say!("{}", described(line)));
        say!(
            "{} imported, {} replaced, {} unchanged, {} in conflict, {} refused",
            count(Fate::Imported),
            count(Fate::Replaced),
            count(Fate::Unchanged),
            count(Fate::Conflict),
            count(Fate::Refused),
        );
    }
    if count(Fate::Conflict) + count(Fate::Refused) > 0 {
        let text = "some files were not imported; --replace overwrites those in conflict";
        return Err(CommandError::Failed(text.to_owned()));
    }
    Ok(())
}

fn imported(line: &Line) -> Value {
    json!({
        "source": line.source,
        "target": line.target,
        "outcome": line.fate,
        "reason": line.reason.as_ref().map(both_languages),
    })
}

fn described(line: &Line) -> String {
    let outcome = match line.fate {
        Fate::Imported => "imported",
        Fate::Replaced => "replaced",
        Fate::Unchanged => "unchanged",
        Fate::Conflict => "conflict",
        Fate::Refused => "refused",
    };
    let reason = line.reason.as_ref().map(|reason| reason.render(Lang::En));
    let detail = reason.or_else(|| line.target.clone()).unwrap_or_default();
    format!("{outcome}: {}: {detail}", line.source)
}

fn print(value: &Value) -> CommandResult {
    say!("{}", serde_json::to_string_pretty(value)?);
    Ok(())
}
