//! Answers of the operations as the AWS CLI v2 prints them.

use expect_test::expect;

use super::{check, check_orders, session};

#[test]
fn an_operation_without_an_answer_prints_nothing() {
    for line in [
        "aws kinesis create-stream --stream-name clicks --shard-count 1",
        "aws kinesis split-shard --stream-name orders --shard-to-split shardId-000000000000 --new-starting-hash-key 5",
        "aws kinesis merge-shards --stream-name orders --shard-to-merge shardId-000000000000 --adjacent-shard-to-merge shardId-000000000001",
        "aws kinesis increase-stream-retention-period --stream-name orders --retention-period-hours 48",
        "aws kinesis delete-stream --stream-name orders",
        "aws kinesis wait stream-exists --stream-name orders",
        "",
        "# a comment",
    ] {
        assert_eq!(session(&[super::ORDERS[0], super::ORDERS[1], line]).1, "", "{line}");
    }
}

#[test]
fn members_stand_in_the_order_of_the_model_and_times_are_text() {
    check_orders(
        &["aws kinesis describe-stream-summary --stream-name orders"],
        expect![[r#"
        {
            "StreamDescriptionSummary": {
                "StreamName": "orders",
                "StreamARN": "arn:aws:kinesis:us-east-1:123456789012:stream/orders",
                "StreamStatus": "ACTIVE",
                "StreamModeDetails": {
                    "StreamMode": "PROVISIONED"
                },
                "RetentionPeriodHours": 24,
                "StreamCreationTimestamp": "2026-01-01T00:00:00+00:00",
                "EnhancedMonitoring": [
                    {
                        "ShardLevelMetrics": []
                    }
                ],
                "EncryptionType": "NONE",
                "OpenShardCount": 2,
                "ConsumerCount": 0
            }
        }
    "#]],
    );
    check_orders(
        &["aws kinesis put-record --stream-name orders --partition-key user-1 --data aGVsbG8="],
        expect![[r#"
            {
                "ShardId": "shardId-000000000001",
                "SequenceNumber": "49670424472753470606260425006285630069357505776665493522"
            }
        "#]],
    );
}

#[test]
fn tags_are_typed_as_pairs_and_keys() {
    check_orders(
        &[
            "aws kinesis add-tags-to-stream --stream-name orders --tags team=shop,env=test",
            "aws kinesis remove-tags-from-stream --stream-name orders --tag-keys team never",
            "aws kinesis list-tags-for-resource --resource-arn arn:aws:kinesis:us-east-1:123456789012:stream/orders",
        ],
        expect![[r#"
            {
                "Tags": [
                    {
                        "Key": "env",
                        "Value": "test"
                    }
                ]
            }
        "#]],
    );
}

#[test]
fn a_new_shard_count_is_answered_with_the_old_one() {
    check_orders(
        &[
            "aws kinesis update-shard-count --stream-name orders --target-shard-count 3 --scaling-type UNIFORM_SCALING",
        ],
        expect![[r#"
            {
                "StreamName": "orders",
                "CurrentShardCount": 2,
                "TargetShardCount": 3,
                "StreamARN": "arn:aws:kinesis:us-east-1:123456789012:stream/orders"
            }
        "#]],
    );
    check_orders(
        &["aws kinesis describe-limits"],
        expect![[r#"
        {
            "ShardLimit": 500,
            "OpenShardCount": 2,
            "OnDemandStreamCount": 0,
            "OnDemandStreamCountLimit": 50
        }
    "#]],
    );
}

#[test]
fn an_encrypted_stream_says_so_in_its_answers() {
    check_orders(
        &[
            "aws kinesis start-stream-encryption --stream-name orders --encryption-type KMS --key-id alias/aws/kinesis",
            "aws kinesis enable-enhanced-monitoring --stream-name orders --shard-level-metrics IncomingBytes OutgoingBytes",
            "aws kinesis wait stream-exists --stream-name orders",
            "aws kinesis put-record --stream-name orders --partition-key user-1 --data aGVsbG8=",
        ],
        expect![[r#"
            {
                "ShardId": "shardId-000000000001",
                "SequenceNumber": "49670424472753470606260425006285630069357506601299214354",
                "EncryptionType": "KMS"
            }
        "#]],
    );
}

#[test]
fn consumers_are_listed_with_their_times_as_text() {
    check_orders(
        &[
            "aws kinesis register-stream-consumer --stream-arn arn:aws:kinesis:us-east-1:123456789012:stream/orders --consumer-name billing",
            "sleep 5",
            "aws kinesis list-stream-consumers --stream-arn arn:aws:kinesis:us-east-1:123456789012:stream/orders",
        ],
        expect![[r#"
            {
                "Consumers": [
                    {
                        "ConsumerName": "billing",
                        "ConsumerARN": "arn:aws:kinesis:us-east-1:123456789012:stream/orders/consumer/billing:1767225630",
                        "ConsumerStatus": "ACTIVE",
                        "ConsumerCreationTimestamp": "2026-01-01T00:00:30.500000+00:00"
                    }
                ]
            }
        "#]],
    );
}

#[test]
fn a_whole_session_of_the_lessons_can_be_typed() {
    let (mut sandbox, _) = session(&[
        "aws kinesis create-stream --stream-name orders --shard-count 2",
        "aws kinesis wait stream-exists --stream-name orders",
        "aws kinesis put-record --stream-name orders --partition-key user-1 --data hello --cli-binary-format raw-in-base64-out",
    ]);
    let line = "aws kinesis get-shard-iterator --stream-name orders --shard-id shardId-000000000001 --shard-iterator-type TRIM_HORIZON";
    let answer = crate::run(&mut sandbox, line).stdout;
    let answer: serde_json::Value = serde_json::from_str(&answer).unwrap();
    let line =
        format!("aws kinesis get-records --shard-iterator \"{}\"", answer["ShardIterator"].as_str().unwrap());
    let answer = crate::run(&mut sandbox, &line).stdout;
    let mut answer: serde_json::Value = serde_json::from_str(&answer).unwrap();
    answer["NextShardIterator"] = "…".into();
    expect![[r#"
        {
          "Records": [
            {
              "SequenceNumber": "49670424472753470606260425006285630069357505226909679634",
              "ApproximateArrivalTimestamp": "2026-01-01T00:00:22+00:00",
              "Data": "aGVsbG8=",
              "PartitionKey": "user-1"
            }
          ],
          "NextShardIterator": "…",
          "MillisBehindLatest": 0
        }"#]]
    .assert_eq(&serde_json::to_string_pretty(&answer).unwrap());
}

#[test]
fn a_typed_call_takes_half_a_second() {
    check_orders(
        &["aws kinesis list-streams", "sandbox clock advance 0s"],
        expect![[r#"
        2026-01-01 00:00:31.000
    "#]],
    );
}

#[test]
fn pages_are_merged_and_a_paging_argument_switches_that_off() {
    check_orders(
        &["aws kinesis list-streams"],
        expect![[r#"
        {
            "StreamNames": [
                "orders"
            ],
            "StreamSummaries": [
                {
                    "StreamName": "orders",
                    "StreamARN": "arn:aws:kinesis:us-east-1:123456789012:stream/orders",
                    "StreamStatus": "ACTIVE",
                    "StreamModeDetails": {
                        "StreamMode": "PROVISIONED"
                    },
                    "StreamCreationTimestamp": "2026-01-01T00:00:00+00:00"
                }
            ]
        }
    "#]],
    );
    check_orders(
        &["aws kinesis list-streams --limit 1"],
        expect![[r#"
        {
            "StreamNames": [
                "orders"
            ],
            "HasMoreStreams": false,
            "StreamSummaries": [
                {
                    "StreamName": "orders",
                    "StreamARN": "arn:aws:kinesis:us-east-1:123456789012:stream/orders",
                    "StreamStatus": "ACTIVE",
                    "StreamModeDetails": {
                        "StreamMode": "PROVISIONED"
                    },
                    "StreamCreationTimestamp": "2026-01-01T00:00:00+00:00"
                }
            ]
        }
    "#]],
    );
    check_orders(
        &["aws kinesis list-streams --no-paginate"],
        expect![[r#"
        {
            "StreamNames": [
                "orders"
            ],
            "HasMoreStreams": false,
            "StreamSummaries": [
                {
                    "StreamName": "orders",
                    "StreamARN": "arn:aws:kinesis:us-east-1:123456789012:stream/orders",
                    "StreamStatus": "ACTIVE",
                    "StreamModeDetails": {
                        "StreamMode": "PROVISIONED"
                    },
                    "StreamCreationTimestamp": "2026-01-01T00:00:00+00:00"
                }
            ]
        }
    "#]],
    );
    check(
        &["aws kinesis list-streams"],
        expect![[r#"
        {
            "StreamNames": [],
            "StreamSummaries": []
        }
    "#]],
    );
}

#[test]
fn describe_stream_prints_its_merged_pages_as_the_aws_cli_does() {
    check_orders(
        &["aws kinesis describe-stream --stream-name orders"],
        expect![[r#"
        {
            "StreamDescription": {
                "Shards": [
                    {
                        "ShardId": "shardId-000000000000",
                        "HashKeyRange": {
                            "StartingHashKey": "0",
                            "EndingHashKey": "170141183460469231731687303715884105727"
                        },
                        "SequenceNumberRange": {
                            "StartingSequenceNumber": "49670424472731169861061894383142885425265240724400504834"
                        }
                    },
                    {
                        "ShardId": "shardId-000000000001",
                        "HashKeyRange": {
                            "StartingHashKey": "170141183460469231731687303715884105728",
                            "EndingHashKey": "340282366920938463463374607431768211455"
                        },
                        "SequenceNumberRange": {
                            "StartingSequenceNumber": "49670424472753470606260425006284421143537889085906485266"
                        }
                    }
                ],
                "StreamARN": "arn:aws:kinesis:us-east-1:123456789012:stream/orders",
                "StreamName": "orders",
                "StreamStatus": "ACTIVE",
                "RetentionPeriodHours": 24,
                "EnhancedMonitoring": [
                    {
                        "ShardLevelMetrics": []
                    }
                ],
                "EncryptionType": "NONE",
                "KeyId": null,
                "StreamCreationTimestamp": "2026-01-01T00:00:00+00:00"
            }
        }
    "#]],
    );
    check_orders(
        &["aws kinesis describe-stream --stream-name orders --limit 1"],
        expect![[r#"
        {
            "StreamDescription": {
                "StreamName": "orders",
                "StreamARN": "arn:aws:kinesis:us-east-1:123456789012:stream/orders",
                "StreamStatus": "ACTIVE",
                "StreamModeDetails": {
                    "StreamMode": "PROVISIONED"
                },
                "Shards": [
                    {
                        "ShardId": "shardId-000000000000",
                        "HashKeyRange": {
                            "StartingHashKey": "0",
                            "EndingHashKey": "170141183460469231731687303715884105727"
                        },
                        "SequenceNumberRange": {
                            "StartingSequenceNumber": "49670424472731169861061894383142885425265240724400504834"
                        }
                    }
                ],
                "HasMoreShards": true,
                "RetentionPeriodHours": 24,
                "StreamCreationTimestamp": "2026-01-01T00:00:00+00:00",
                "EnhancedMonitoring": [
                    {
                        "ShardLevelMetrics": []
                    }
                ],
                "EncryptionType": "NONE"
            }
        }
    "#]],
    );
}

#[test]
fn all_pages_of_a_long_list_are_fetched() {
    let create = "aws kinesis create-stream --stream-name big --shard-count 250";
    let count = |line: &str, member: &str| {
        let (_, printed) = session(&[create, "sandbox clock advance 30s", line]);
        printed.matches(member).count()
    };
    assert_eq!(count("aws kinesis describe-stream --stream-name big", "\"ShardId\""), 250);
    assert_eq!(count("aws kinesis describe-stream --stream-name big --no-paginate", "\"ShardId\""), 100);
    assert_eq!(count("aws kinesis list-shards --stream-name big --max-results 7", "\"ShardId\""), 7);
    assert_eq!(count("aws kinesis list-shards --stream-name big", "\"ShardId\""), 250);
}

#[test]
fn shard_filters_are_typed_as_shorthand_or_json() {
    let filter = |filter: &str| {
        let line = format!("aws kinesis list-shards --stream-name orders --shard-filter {filter}");
        session(&["aws kinesis create-stream --stream-name orders --shard-count 2", "sleep 30", &line]).1
    };
    assert_eq!(filter("Type=AFTER_SHARD_ID,ShardId=0").matches("\"ShardId\"").count(), 1);
    assert_eq!(filter(r#"'{"Type":"AT_LATEST"}'"#), filter("Type=AT_LATEST"));
    assert_eq!(filter("Type=AT_TIMESTAMP,Timestamp=2026-01-01T00:00:30Z").matches("\"ShardId\"").count(), 2);
}

#[test]
fn records_are_typed_as_shorthand_or_json() {
    let put = "aws kinesis put-records --stream-name orders --records";
    check_orders(
        &[&format!("{put} Data=aGVsbG8=,PartitionKey=k1 Data=dGVzdA==,PartitionKey=k2")],
        expect![[r#"
            {
                "FailedRecordCount": 0,
                "Records": [
                    {
                        "SequenceNumber": "49670424472753470606260425006285630069357505776665493522",
                        "ShardId": "shardId-000000000001"
                    },
                    {
                        "SequenceNumber": "49670424472731169861061894383144094351084857415159513090",
                        "ShardId": "shardId-000000000000"
                    }
                ]
            }
        "#]],
    );
    check_orders(
        &[&format!(r#"{put} '[{{"Data":"aGVsbG8=","PartitionKey":"k1"}}]'"#)],
        expect![[r#"
        {
            "FailedRecordCount": 0,
            "Records": [
                {
                    "SequenceNumber": "49670424472753470606260425006285630069357505776665493522",
                    "ShardId": "shardId-000000000001"
                }
            ]
        }
    "#]],
    );
    check_orders(
        &[&format!(
            r#"{put} '{{"Data":"it, too","PartitionKey":"k"}}' --cli-binary-format raw-in-base64-out"#
        )],
        expect![[r#"
            {
                "FailedRecordCount": 0,
                "Records": [
                    {
                        "SequenceNumber": "49670424472753470606260425006285630069357505776665493522",
                        "ShardId": "shardId-000000000001"
                    }
                ]
            }
        "#]],
    );
}

#[test]
fn members_may_come_from_json_and_options_win() {
    check(
        &[
            r#"aws kinesis create-stream --cli-input-json '{"StreamName":"a","ShardCount":3}' --stream-name b"#,
            "aws kinesis list-streams --no-paginate",
        ],
        expect![[r#"
            {
                "StreamNames": [
                    "b"
                ],
                "HasMoreStreams": false,
                "StreamSummaries": [
                    {
                        "StreamName": "b",
                        "StreamARN": "arn:aws:kinesis:us-east-1:123456789012:stream/b",
                        "StreamStatus": "CREATING",
                        "StreamModeDetails": {
                            "StreamMode": "PROVISIONED"
                        },
                        "StreamCreationTimestamp": "2026-01-01T00:00:00+00:00"
                    }
                ]
            }
        "#]],
    );
}

#[test]
fn text_that_happens_to_be_base64_is_sent_and_remarked_on() {
    let put = "aws kinesis put-record --stream-name orders --partition-key k --data";
    check_orders(
        &[&format!("{put} test")],
        expect![[r#"
        {
            "ShardId": "shardId-000000000001",
            "SequenceNumber": "49670424472753470606260425006285630069357505776665493522"
        }
        ! sandbox: "test" was taken as base64, as the AWS CLI v2 does, and sent as 3 other bytes (b5 eb 2d). To send the text itself add --cli-binary-format raw-in-base64-out.
    "#]],
    );
    check_orders(
        &[&format!("{put} 'hell!'")],
        expect![[r#"
        {
            "ShardId": "shardId-000000000001",
            "SequenceNumber": "49670424472753470606260425006285630069357505776665493522"
        }
        ! sandbox: "hell!" was taken as base64, as the AWS CLI v2 does, and sent as 3 other bytes (85 e9 65). To send the text itself add --cli-binary-format raw-in-base64-out.
    "#]],
    );
    for meant in ["aGVsbG8gd29ybGQh", "AAEC/w==", "''", "test --cli-binary-format raw-in-base64-out"] {
        assert!(
            !session(&[super::ORDERS[0], super::ORDERS[1], &format!("{put} {meant}")]).1.contains('!'),
            "{meant}"
        );
    }
}

#[test]
fn a_refusal_of_the_service_ends_with_254() {
    check(
        &["aws kinesis describe-stream --stream-name nope"],
        expect![[r#"
        !
        ! aws: [ERROR]: An error occurred (ResourceNotFoundException) when calling the DescribeStream operation: Stream nope under account 123456789012 not found.
        exit 254
    "#]],
    );
    check_orders(
        &["aws kinesis create-stream --stream-name orders --shard-count 1"],
        expect![[r#"
        !
        ! aws: [ERROR]: An error occurred (ResourceInUseException) when calling the CreateStream operation: Stream orders under account 123456789012 already exists.
        exit 254
    "#]],
    );
    check_orders(
        &["aws kinesis get-records --shard-iterator AAAA --limit 20000"],
        expect![[r#"
        !
        ! aws: [ERROR]: An error occurred (ValidationException) when calling the GetRecords operation: 1 validation error detected: Value '20000' at 'limit' failed to satisfy constraint: Member must have value less than or equal to 10000
        exit 254
    "#]],
    );
    check_orders(
        &["aws kinesis put-record --stream-name 'my stream' --data '' --partition-key k"],
        expect![[r#"
            !
            ! aws: [ERROR]: An error occurred (ValidationException) when calling the PutRecord operation: 1 validation error detected: Value 'my stream' at 'streamName' failed to satisfy constraint: Member must satisfy regular expression pattern: [a-zA-Z0-9_.-]+
            exit 254
        "#]],
    );
    check(
        &["aws kinesis create-stream --stream-name a --warm-throughput-mi-bps 8"],
        expect![[r#"
            !
            ! aws: [ERROR]: An error occurred (InvalidArgumentException) when calling the CreateStream operation: Warm throughput needs MinimumThroughputBillingCommitment to be enabled for account 123456789012.
            exit 254
        "#]],
    );
}

#[test]
fn what_aws_would_do_about_a_throttled_call_is_remarked_on() {
    let half = "x".repeat(600_000);
    let records = format!("Data={half},PartitionKey=a Data={half},PartitionKey=a");
    let raw = "--cli-binary-format raw-in-base64-out";
    check_orders(
        &[&format!("aws kinesis put-records --stream-name orders {raw} --records {records}")],
        expect![[r#"
            {
                "FailedRecordCount": 1,
                "Records": [
                    {
                        "SequenceNumber": "49670424472731169861061894383144094351084857415159513090",
                        "ShardId": "shardId-000000000000"
                    },
                    {
                        "ErrorCode": "ProvisionedThroughputExceededException",
                        "ErrorMessage": "Rate exceeded for shard shardId-000000000000 in stream orders under account 123456789012."
                    }
                ]
            }
            ! sandbox: 1 of 2 records were refused although the call succeeded; neither the AWS CLI nor an SDK sends them again by itself.
        "#]],
    );
    let put = format!("aws kinesis put-record --stream-name orders --partition-key a {raw} --data {half}");
    // Both calls fall into one second of the bucket.
    check_orders(
        &["sleep 500ms", &put, &put],
        expect![[r#"
            !
            ! aws: [ERROR]: An error occurred (ProvisionedThroughputExceededException) when calling the PutRecord operation (reached max retries: 2): Rate exceeded for shard shardId-000000000000 in stream orders under account 123456789012.
            ! sandbox: the real AWS CLI tries twice more, waiting a little longer each time, before it says so.
            exit 254
        "#]],
    );
}

#[test]
fn waiting_polls_on_virtual_time() {
    let (sandbox, printed) = session(&[
        "aws kinesis create-stream --stream-name orders --shard-count 1",
        "aws kinesis wait stream-exists --stream-name orders",
    ]);
    assert_eq!(printed, "");
    // CREATING takes 20 s; polls begin at 0.5 s, 11 s and 21.5 s, and each takes half a second.
    assert_eq!(sandbox.now().to_iso8601(), "2026-01-01T00:00:22.000Z");
    check(
        &["aws kinesis wait stream-exists --stream-name nope"],
        expect![[r#"
        !
        ! aws: [ERROR]: Waiter StreamExists failed: An error occurred (ResourceNotFoundException): Stream nope under account 123456789012 not found.
        exit 255
    "#]],
    );
    check(&["aws kinesis wait stream-not-exists --stream-name nope"], expect![""]);
    check_orders(
        &["aws kinesis wait stream-not-exists --stream-name orders"],
        expect![[r#"
        !
        ! aws: [ERROR]: Waiter StreamNotExists failed: Max attempts exceeded
        exit 255
    "#]],
    );
    let (sandbox, _) = session(&[
        "aws kinesis create-stream --stream-name orders --shard-count 1",
        "sleep 30",
        "aws kinesis wait stream-not-exists --stream-name orders",
    ]);
    // 18 polls of half a second and 17 pauses of 10 s behind the first 30.5 s.
    assert_eq!(sandbox.now().to_iso8601(), "2026-01-01T00:03:29.500Z");
}

#[test]
fn another_region_has_no_streams_and_says_so() {
    check_orders(
        &["aws kinesis list-streams --region eu-west-1"],
        expect![[r#"
        ! sandbox: your streams are in us-east-1, the only Region that is simulated here; in eu-west-1 there are none. Each Region has streams of its own.
        exit 252
    "#]],
    );
    check(
        &["aws --region us-east-1 kinesis --output json list-streams --no-cli-pager"],
        expect![[r#"
        {
            "StreamNames": [],
            "StreamSummaries": []
        }
    "#]],
    );
}

#[test]
fn a_fraction_of_a_second_is_cut_off_as_the_aws_cli_cuts_it() {
    let line = "aws kinesis get-shard-iterator --stream-name s --shard-id 0 --shard-iterator-type AT_TIMESTAMP --timestamp 1767225600.75";
    let command = crate::parse(line).unwrap().command().unwrap();
    assert!(crate::render(&command).ends_with("--timestamp 2026-01-01T00:00:00Z"), "{command:?}");
}

#[test]
fn a_call_that_came_too_often_is_made_again_in_the_next_second() {
    let lines = ["aws kinesis describe-limits"; 4];
    let (sandbox, printed) = session(&lines);
    assert!(printed.contains("\"ShardLimit\": 500"), "{printed}");
    // The first two calls would have fallen into one second; each takes half a second once it is answered.
    assert_eq!(sandbox.now().since(sandbox.options().start).millis(), 3_500);
    let refused = sandbox.world().facts_since(0).filter(|fact| {
        matches!(&fact.fact, sim::Fact::CallAnswered { error: Some(kinesis::ErrorCode::LimitExceeded), .. })
    });
    assert_eq!(refused.count(), 3);
}

#[test]
fn more_pages_than_a_second_allows_are_fetched_in_several() {
    let mut lines = Vec::new();
    for i in 0..12 {
        lines.push(format!("aws kinesis create-stream --stream-name s{i:02} --shard-count 1"));
        lines.push("sandbox clock advance 20s".to_owned());
    }
    lines.push("aws kinesis list-streams --page-size 1 --query StreamNames --output text".to_owned());
    let lines: Vec<&str> = lines.iter().map(String::as_str).collect();
    let (_, printed) = session(&lines);
    assert_eq!(printed.split_whitespace().count(), 12, "{printed}");
}
