//! Making the world: every step of every story through the program's own commands, at the time
//! and in the name of whoever does it.

use std::collections::HashMap;
use std::sync::Arc;

use chrono::Duration;

use super::arrivals::SPAN_DAYS;
use super::files::Enclosure;
use super::founding::{Cast, found};
use super::office::local;
use super::story::{Act, By, CONFIRM_AFTER, Properties};
use super::timeline::{Due, Number, Timeline};
use super::{DemoError, Hashes, Plan};
use crate::knowledge::deflections::{self, FormKey};
use crate::knowledge::model::{ArticleId, Audience};
use crate::knowledge::queries::list_articles;
use crate::platform::blobs::{Blobs, Kept};
use crate::platform::db::{Actor, Conn, StorageError, Tx};
use crate::platform::events::Cause;
use crate::platform::i18n::Lang;
use crate::platform::text::FileName;
use crate::platform::web::Site;
use crate::sla::promises;
use crate::tickets::commands::{
    self, Change, Changes, NewFile, NewMessage, NewTicket, StatusAfter,
};
use crate::tickets::queries::get_ticket;
use crate::tickets::{AuthorKind, Channel, Tag, TicketId, Visibility, tags_of};

/// Steps of one transaction, at most: others who write wait no longer than for these.
const BATCH: usize = 500;

/// Makes the world of a plan in an empty database.
pub(super) fn make(site: &Site, plan: &Plan, hashes: &Hashes) -> Result<(), DemoError> {
    let beginning = plan.now - Duration::days(SPAN_DAYS + 7);
    let hashes = hashes.clone();
    let cast = site.db.write_blocking(Actor::System, move |tx| {
        tx.set_origin(Cause::IMPORT);
        found(&mut tx.replay(beginning, Actor::System), &hashes)
    })?;
    let articles = site.db.read_blocking(articles)?;
    let mut world = World {
        articles: Arc::new(articles),
        cast: Arc::new(cast),
        prefix: site.settings.reference_prefix.clone(),
        kept: HashMap::new(),
        site,
    };
    world.run(plan)
}

fn articles(conn: &mut Conn) -> Result<Articles, StorageError> {
    let mut found = Articles::new();
    for lang in Lang::ALL {
        let list = list_articles(conn, *lang, Audience::Internal)?;
        found.extend(list.into_iter().map(|article| (article.slug, article.id)));
    }
    Ok(found)
}

struct World<'a> {
    site: &'a Site,
    articles: Arc<Articles>,
    cast: Arc<Cast>,
    prefix: String,
    /// Contents that are kept already.
    kept: HashMap<Vec<u8>, Kept>,
}

/// The articles by slug.
type Articles = HashMap<String, ArticleId>;

/// A step with its file kept, ready to be done in a transaction.
#[derive(Clone)]
struct Ready {
    due: Due,
    files: Vec<NewFile>,
}

impl World<'_> {
    fn run(&mut self, plan: &Plan) -> Result<(), DemoError> {
        let mut tickets = HashMap::new();
        let mut batch: Vec<Ready> = Vec::new();
        for due in Timeline::new(plan.stories(), plan.now) {
            let another_day = batch.last().is_some_and(|last| {
                let day = |due: &Due| local(due.step.at).date_naive();
                day(&last.due) != day(&due)
            });
            if another_day || batch.len() >= BATCH {
                self.commit(std::mem::take(&mut batch), &mut tickets)?;
            }
            batch.push(self.prepare(due)?);
        }
        self.commit(batch, &mut tickets)
    }

    /// Files are on disk before the transaction that refers to them begins.
    fn prepare(&mut self, mut due: Due) -> Result<Ready, DemoError> {
        let enclosed = match &mut due.step.act {
            Act::File { file, .. } => file.take(),
            _ => None,
        };
        let file = enclosed.map(|file| self.keep(file)).transpose()?;
        Ok(Ready {
            due,
            files: file.into_iter().collect(),
        })
    }

    fn keep(&mut self, file: Enclosure) -> Result<NewFile, DemoError> {
        let name = FileName::new(&file.name);
        if let Some(content) = self.kept.get(&file.content).cloned() {
            return Ok(NewFile { name, content });
        }
        let content = Blobs::new(&self.site.settings.data_dir).keep_bytes(&file.content)?;
        self.kept.insert(file.content, content.clone());
        Ok(NewFile { name, content })
    }

    fn commit(
        &self,
        batch: Vec<Ready>,
        tickets: &mut HashMap<Number, TicketId>,
    ) -> Result<(), DemoError> {
        let known: HashMap<Number, TicketId> = batch
            .iter()
            .filter_map(|ready| Some((ready.due.number, *tickets.get(&ready.due.number)?)))
            .collect();
        let (cast, prefix) = (Arc::clone(&self.cast), self.prefix.clone());
        let articles = Arc::clone(&self.articles);
        let known = self.site.db.write_blocking(Actor::System, move |tx| {
            tx.set_origin(Cause::IMPORT);
            let mut known = known.clone();
            for ready in &batch {
                let number = ready.due.number;
                promises::watch::catch_up(tx, ready.due.step.at)?;
                let mut scene = Scene {
                    tx: tx.replay(ready.due.step.at, cast.actor(&ready.due)),
                    cast: &cast,
                    articles: &articles,
                };
                let id = match known.get(&number) {
                    Some(&id) => scene.go_on(id, &ready.due).map(|()| id),
                    None => scene.open(ready, &prefix),
                }?;
                known.insert(number, id);
            }
            Ok::<_, DemoError>(known)
        })?;
        tickets.extend(known);
        Ok(())
    }
}

impl Cast {
    fn actor(&self, due: &Due) -> Actor {
        match due.step.by {
            By::Customer => self.customer(due.origin.requester).actor(),
            By::Agent(agent) => self.agents[agent].actor(),
            By::Time => Actor::System,
        }
    }
}

/// One step, in its own time and name.
struct Scene<'a> {
    tx: Tx<'a>,
    cast: &'a Cast,
    articles: &'a Articles,
}

impl Scene<'_> {
    fn open(&mut self, ready: &Ready, prefix: &str) -> Result<TicketId, DemoError> {
        let Act::File {
            subject,
            body,
            read,
            ..
        } = &ready.due.step.act
        else {
            return Err(DemoError::Story("a story begins with its filing"));
        };
        let origin = ready.due.origin;
        let requester = self.cast.customer(origin.requester).clone();
        let form_key = format!("demo-{}", ready.due.number);
        self.read(&form_key, subject, read)?;
        let ticket = commands::file_ticket(
            &mut self.tx,
            &NewTicket {
                language: requester.language,
                requester,
                subject: subject.clone(),
                body: body.as_str().into(),
                files: ready.files.clone(),
                request_type: self.cast.kinds[origin.kind].clone(),
                channel: origin.channel,
                prefix: prefix.to_owned(),
                form_key: Some(form_key),
                author: author(ready.due.step.by),
            },
        )?;
        Ok(ticket.id)
    }

    /// Opens articles from the form, some minutes before it is sent.
    fn read(&mut self, form: &str, subject: &str, slugs: &[String]) -> Result<(), DemoError> {
        let key = FormKey::parse(form).ok_or(DemoError::Story("a form has a proper key"))?;
        for (minutes, slug) in (1..=slugs.len()).rev().zip(slugs) {
            let article = self.articles.get(slug);
            let article = *article.ok_or(DemoError::Story("an article that is read exists"))?;
            let at = self.tx.now - Duration::minutes(2 * i64::try_from(minutes).unwrap_or(1));
            let mut then = self.tx.replay(at, self.tx.actor);
            deflections::record_opened(&mut then, &key, article, subject)?;
        }
        Ok(())
    }

    fn go_on(&mut self, id: TicketId, due: &Due) -> Result<(), DemoError> {
        match &due.step.act {
            Act::File { .. } => Err(DemoError::Story("a story is filed once")),
            Act::Say {
                body,
                visibility,
                status,
            } => {
                let status_after = status.map_or(StatusAfter::Keep, StatusAfter::Set);
                let message = message(due, body, *visibility, status_after);
                done(commands::write_message(&mut self.tx, id, &message))
            }
            Act::Set(properties) => self.set(id, properties),
            Act::Confirm => done(commands::confirm_ticket(&mut self.tx, id)),
            Act::Reopen { body } => {
                let message = message(due, body, Visibility::Public, StatusAfter::Keep);
                done(commands::reopen_ticket(&mut self.tx, id, Some(&message)))
            }
            Act::LetTimePass => done(commands::confirm_overdue(
                &mut self.tx,
                CONFIRM_AFTER.num_days(),
            )),
        }
    }

    /// What an agent sets on the form, everything else left as they see it.
    fn set(&mut self, id: TicketId, wanted: &Properties) -> Result<(), DemoError> {
        let ticket = get_ticket(self.tx.conn, id)?;
        let seen = tags_of(self.tx.conn, id)?;
        let mut tags = seen.clone();
        tags.extend(wanted.tags.iter().filter_map(|tag| Tag::parse(tag)));
        tags.sort();
        tags.dedup();
        let team = wanted.team.map(|team| self.cast.teams[team]);
        let assignee = wanted.assignee.map(|agent| self.cast.agents[agent].id);
        let changes = Changes {
            status: change(ticket.status, wanted.status),
            priority: change(ticket.priority, wanted.priority),
            team: change(ticket.team_id, team.map(Some)),
            assignee: change(ticket.assignee_id, assignee.map(Some)),
            request_type: change(ticket.request_type_id, None),
            tags: change(seen, Some(tags)),
        };
        done(commands::change_properties(&mut self.tx, id, &changes))
    }
}

fn done<T>(outcome: Result<T, commands::TicketError>) -> Result<(), DemoError> {
    Ok(outcome.map(drop)?)
}

fn change<T: Clone>(seen: T, wanted: Option<T>) -> Change<T> {
    Change {
        wanted: wanted.unwrap_or_else(|| seen.clone()),
        seen,
    }
}

fn message(due: &Due, body: &str, visibility: Visibility, status: StatusAfter) -> NewMessage {
    let by_mail = due.step.by == By::Customer && due.origin.channel == Channel::Mail;
    NewMessage {
        author_kind: author(due.step.by),
        visibility,
        body: body.into(),
        files: Vec::new(),
        channel: if by_mail { Channel::Mail } else { Channel::Web },
        status_after: status,
    }
}

fn author(by: By) -> AuthorKind {
    match by {
        By::Customer => AuthorKind::Customer,
        By::Agent(_) | By::Time => AuthorKind::Agent,
    }
}
