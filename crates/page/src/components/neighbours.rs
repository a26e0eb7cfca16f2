//! The services around the streams: what is delivered where.

use yew::prelude::*;

use super::buckets::Buckets;
use super::deliveries::Deliveries;
use super::mappings::Mappings;
use super::service_cards::ServiceCards;
use crate::app::Send;
use crate::desk::SharedDesk;
use crate::scene::Picture;
use crate::words::tr;

#[derive(Properties, PartialEq)]
pub(crate) struct NeighboursProps {
    pub picture: Picture,
    pub desk: SharedDesk,
    pub send: Send,
}

#[component]
pub(crate) fn Neighbours(props: &NeighboursProps) -> Html {
    let view = &props.picture.view;
    let has_details = !view.buckets.is_empty()
        || !view.functions.is_empty()
        || !view.mappings.is_empty()
        || !view.delivery_streams.is_empty()
        || !view.flink.is_empty()
        || !view.dms.is_empty();
    html! {
        <div class="neighbours">
            <ServiceCards picture={props.picture.clone()} send={props.send.clone()} />
            <h3 hidden={!has_details}>{ tr("In full") }</h3>
            <Mappings picture={props.picture.clone()} desk={props.desk.clone()} />
            <Deliveries picture={props.picture.clone()} />
            <Buckets picture={props.picture.clone()} desk={props.desk.clone()} />
        </div>
    }
}
