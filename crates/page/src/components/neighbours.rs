//! The services around the streams: what is delivered where.

use yew::prelude::*;

use super::buckets::Buckets;
use super::deliveries::Deliveries;
use super::mappings::Mappings;
use crate::desk::SharedDesk;
use crate::scene::Picture;

#[derive(Properties, PartialEq)]
pub(crate) struct NeighboursProps {
    pub picture: Picture,
    pub desk: SharedDesk,
}

#[component]
pub(crate) fn Neighbours(props: &NeighboursProps) -> Html {
    let view = &props.picture.view;
    let is_empty = view.buckets.is_empty()
        && view.functions.is_empty()
        && view.mappings.is_empty()
        && view.delivery_streams.is_empty()
        && view.flink.is_empty()
        && view.dms.is_empty();
    html! {
        <div class="neighbours">
            <p class="empty" hidden={!is_empty}>
                { "Services around the streams appear here: Lambda functions that a stream invokes, Firehose, Flink and DMS, S3 buckets and what is delivered to them." }
            </p>
            <Mappings picture={props.picture.clone()} desk={props.desk.clone()} />
            <Deliveries picture={props.picture.clone()} />
            <Buckets picture={props.picture.clone()} desk={props.desk.clone()} />
        </div>
    }
}
