//! Buckets of Amazon S3: their newest objects, and one object opened.

use sim::BucketView;
use yew::prelude::*;

use crate::desk::SharedDesk;
use crate::scene::Picture;
use crate::text::{clock_ms, count, thousands};
use crate::words::tr;

#[derive(Properties, PartialEq)]
pub(crate) struct BucketsProps {
    pub picture: Picture,
    pub desk: SharedDesk,
}

/// Bytes of an object that are shown.
const SHOWN_BYTES: usize = 16 << 10;

#[component]
pub(crate) fn Buckets(props: &BucketsProps) -> Html {
    let opened = use_state(|| None::<(String, String)>);
    let buckets = props.picture.view.buckets.iter().map(|bucket| {
        html! { <div key={bucket.name.clone()} class="table-box" tabindex="0" role="region" aria-label={"Bucket ".to_owned() + &bucket.name}>{ table(bucket, &opened) }</div> }
    });
    let content = opened.as_ref().map(|(bucket, key)| (bucket, key, text(&props.desk, bucket, key)));
    let content = content.map_or_else(
        || html! { <span hidden=true /> },
        |(bucket, key, text)| {
            html! {
                <div class="object">
                    <h3><code>{ format!("s3://{bucket}/{key}") }</code></h3>
                    <pre tabindex="0">{ text }</pre>
                </div>
            }
        },
    );
    html! {
        <section class="leases" aria-label={tr("Amazon S3")} hidden={props.picture.view.buckets.is_empty()}>
            <div>{ for buckets }</div>
            <div>{ content }</div>
        </section>
    }
}

fn table(bucket: &BucketView, opened: &UseStateHandle<Option<(String, String)>>) -> Html {
    let rows = bucket.objects.iter().map(|object| {
        let (opened, place) = (opened.clone(), (bucket.name.clone(), object.key.clone()));
        let open = Callback::from(move |_: MouseEvent| opened.set(Some(place.clone())));
        html! {
            <tr key={object.key.clone()}>
                <th scope="row" class="code">{ &object.key }</th>
                <td>{ thousands(object.size) }</td>
                <td>{ clock_ms(object.written_ms) }</td>
                <td><button type="button" disabled={!object.is_kept} onclick={open}>{ tr("Open") }</button></td>
            </tr>
        }
    });
    html! {
        <table>
            <caption>
                { tr("S3 bucket ") }<code>{ &bucket.name }</code>{ ": " }{ count(bucket.object_count, "object") }{ ", " }{ thousands(bucket.size) }{ tr(" bytes") }
            </caption>
            <thead><tr><th>{ tr("Key") }</th><th>{ tr("Bytes") }</th><th>{ tr("Written") }</th><th>{ tr("Content") }</th></tr></thead>
            <tbody>{ for rows }</tbody>
        </table>
    }
}

fn text(desk: &SharedDesk, bucket: &str, key: &str) -> String {
    let desk = desk.0.borrow();
    let object = match desk.sandbox.world().s3().object(bucket, key) {
        Ok(object) => object,
        Err(error) => return error.to_string(),
    };
    let Some(body) = &object.body else { return "The sandbox keeps this content no longer.".to_owned() };
    let mut bytes = body.beginning(SHOWN_BYTES as u64);
    bytes.truncate(SHOWN_BYTES);
    let mut text = String::from_utf8_lossy(&bytes).into_owned();
    if object.size > bytes.len() as u64 {
        text.push_str(" … (");
        text.push_str(&thousands(object.size - bytes.len() as u64));
        text.push_str(" more bytes)");
    }
    text
}
