//! The services around the streams: what is delivered where.

use yew::prelude::*;

use super::buckets::Buckets;
use crate::desk::SharedDesk;
use crate::scene::Picture;

#[derive(Properties, PartialEq)]
pub(crate) struct NeighboursProps {
    pub picture: Picture,
    pub desk: SharedDesk,
}

#[component]
pub(crate) fn Neighbours(props: &NeighboursProps) -> Html {
    let is_empty = props.picture.view.buckets.is_empty();
    html! {
        <div class="neighbours">
            <p class="empty" hidden={!is_empty}>
                { "Services around the streams appear here: S3 buckets and what is delivered to them." }
            </p>
            <Buckets picture={props.picture.clone()} desk={props.desk.clone()} />
        </div>
    }
}
