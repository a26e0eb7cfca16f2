//! The network around programs: the subnet that one stands in, the endpoints of its VPC, and what that lets it reach.
//!
//! Every call is TLS, wherever it comes from (documented: endpoints of Kinesis take HTTPS only). Where no route leads
//! to a service, nobody refuses anything: the connection times out. There is one VPC.

use std::sync::Arc;

use kinesis::{Policy, SortedMap};

/// Where a program stands.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug, Default)]
pub enum Subnet {
    /// Outside of any VPC: a laptop, a Lambda function without a VPC.
    #[default]
    Internet,
    /// Has a route to an internet gateway.
    Public,
    /// Has a route to a NAT gateway.
    PrivateNat,
    /// Has no route out of the VPC.
    Private,
}

impl Subnet {
    pub const ALL: [Subnet; 4] = [Subnet::Internet, Subnet::Public, Subnet::PrivateNat, Subnet::Private];

    pub const fn name(self) -> &'static str {
        match self {
            Subnet::Internet => "internet",
            Subnet::Public => "public",
            Subnet::PrivateNat => "private-nat",
            Subnet::Private => "private",
        }
    }

    pub(crate) const fn sentence(self) -> &'static str {
        match self {
            Subnet::Internet => "the internet",
            Subnet::Public => "a public subnet",
            Subnet::PrivateNat => "a private subnet with a NAT gateway",
            Subnet::Private => "a private subnet without a route out",
        }
    }

    /// The subnet of that name.
    pub fn parse(name: &str) -> Option<Subnet> {
        Subnet::ALL.into_iter().find(|subnet| subnet.name() == name)
    }

    const fn has_way_out(self) -> bool {
        !matches!(self, Subnet::Private)
    }

    const fn is_in_vpc(self) -> bool {
        !matches!(self, Subnet::Internet)
    }
}

/// A service that a VPC can have an endpoint for.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug)]
pub enum EndpointService {
    /// `com.amazonaws.REGION.kinesis-streams`, an interface endpoint.
    KinesisStreams,
    /// `com.amazonaws.REGION.dynamodb`, a gateway endpoint.
    DynamoDb,
    /// `com.amazonaws.REGION.monitoring`: CloudWatch, an interface endpoint.
    Monitoring,
}

impl EndpointService {
    pub const ALL: [EndpointService; 3] =
        [EndpointService::KinesisStreams, EndpointService::DynamoDb, EndpointService::Monitoring];

    /// The last part of the service's name.
    pub const fn name(self) -> &'static str {
        match self {
            EndpointService::KinesisStreams => "kinesis-streams",
            EndpointService::DynamoDb => "dynamodb",
            EndpointService::Monitoring => "monitoring",
        }
    }

    pub fn parse(name: &str) -> Option<EndpointService> {
        EndpointService::ALL.into_iter().find(|service| service.name() == name)
    }

    /// The name that clients connect to.
    pub fn host(self, region: &str) -> String {
        let name = match self {
            EndpointService::KinesisStreams => "kinesis",
            EndpointService::DynamoDb => "dynamodb",
            EndpointService::Monitoring => "monitoring",
        };
        format!("{name}.{region}.amazonaws.com")
    }
}

/// How a call gets to a service.
#[derive(Clone, PartialEq, Eq, Debug)]
pub(crate) enum Route {
    Internet,
    /// Through an endpoint of the VPC, with its policy where it has one.
    Endpoint(Option<Arc<Policy>>),
    /// Nothing leads there.
    None,
}

/// The VPC's endpoints.
#[derive(Clone, Debug, Default)]
pub(crate) struct Network {
    /// With their policies; without one an endpoint lets everything pass.
    endpoints: SortedMap<EndpointService, Option<Arc<Policy>>>,
}

impl Network {
    pub(crate) fn set(&mut self, service: EndpointService, policy: Option<Policy>) {
        self.endpoints.insert(service, policy.map(Arc::new));
    }

    /// Takes an endpoint away; `false` where there is none.
    pub(crate) fn remove(&mut self, service: EndpointService) -> bool {
        self.endpoints.remove(&service).is_some()
    }

    /// Endpoints with the documents of their policies.
    pub(crate) fn endpoints(&self) -> impl Iterator<Item = (EndpointService, Option<&str>)> {
        self.endpoints.iter().map(|(service, policy)| (*service, policy.as_ref().map(|policy| policy.text())))
    }

    /// Documented: with private DNS names, which is the default, whatever stands in the VPC reaches the service through
    /// the endpoint, also where it has another way out.
    pub(crate) fn route(&self, from: Subnet, to: EndpointService) -> Route {
        match self.endpoints.get(&to) {
            Some(policy) if from.is_in_vpc() => Route::Endpoint(policy.clone()),
            Some(_) | None if from.has_way_out() => Route::Internet,
            Some(_) | None => Route::None,
        }
    }

    pub(crate) fn policy(&self, service: EndpointService) -> Option<Arc<Policy>> {
        self.endpoints.get(&service).cloned().flatten()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_private_subnet_reaches_what_the_vpc_has_an_endpoint_for() {
        let mut network = Network::default();
        let to = EndpointService::KinesisStreams;
        let routes = |network: &Network| Subnet::ALL.map(|from| network.route(from, to));
        assert_eq!(routes(&network), [Route::Internet, Route::Internet, Route::Internet, Route::None]);
        network.set(to, None);
        let through = || Route::Endpoint(None);
        assert_eq!(routes(&network), [Route::Internet, through(), through(), through()]);
        assert_eq!(network.route(Subnet::Private, EndpointService::DynamoDb), Route::None);
    }
}
