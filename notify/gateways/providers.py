"""PURE request shapes of usual providers in Viet Nam, to start from. What differs in a contract is edited on the page.

The shapes follow the providers' public documentation as far as it could be read; secrets are asked by name.
"""

from __future__ import annotations

from typing import Any

_SOAP = """<?xml version="1.0" encoding="utf-8"?>
<soapenv:Envelope xmlns:soapenv="http://schemas.xmlsoap.org/soap/envelope/" xmlns:impl="http://impl.bulkSms.ws/">
<soapenv:Body><impl:wsCpMt><User>{secret.user}</User><Password>{secret.password}</Password>
<CPCode>{secret.cpcode}</CPCode><RequestID>1</RequestID><UserID>{to}</UserID><ReceiverID>{to}</ReceiverID>
<ServiceID>{sender}</ServiceID><CommandCode>bulksms</CommandCode><Content>{text}</Content>
<ContentType>0</ContentType></impl:wsCpMt></soapenv:Body></soapenv:Envelope>"""

RECIPES: dict[str, dict[str, Any]] = {
    "esms": {
        "channel": "sms",
        "name": "eSMS",
        "settings": {
            "url": "https://rest.esms.vn/MainService.svc/json/SendMultipleMessage_V4_post_json/",
            "body": {
                "ApiKey": "{secret.api_key}",
                "SecretKey": "{secret.secret_key}",
                "Phone": "{to}",
                "Content": "{text}",
                "Brandname": "{sender}",
                "SmsType": "2",
                "IsUnicode": "0",
                "RequestId": "{id}",
                "CallbackUrl": "{report}",
            },
            # 124: that RequestId was taken before; 99, 108, 177: this number is blocked, no number, of no network.
            "number": "0",
            "at": "/CodeResult",
            "success": "^(100|124)$",
            "permanent": "^(99|108|177)$",
            # "5" says that it was carried, not that it arrived: the counters tell.
            "id_at": "/SMSID",
            "balance_url": "https://rest.esms.vn/MainService.svc/json/GetBalance/{secret.api_key}/{secret.secret_key}",
            "balance_at": "/Balance",
            "balance_low": 200_000,
            "report_id": "/SMSID",
            "delivered": r'"SendSuccess": "?[1-9]',
            "undelivered": r'"SendFailed": "?[1-9]|"SendStatus": "?4',
        },
    },
    "speedsms": {
        "channel": "sms",
        "name": "SpeedSMS",
        "settings": {
            "url": "https://api.speedsms.vn/index.php/sms/send",
            "headers": {"Authorization": "Basic {secret.basic}"},
            "body": {"to": ["{to}"], "content": "{text}", "sms_type": 3, "sender": "{sender}"},
            "success": r'"status": ?"success"',
            "permanent": r'"code": ?"?105',
            "id_at": "/data/tranId",
            "balance_url": "https://api.speedsms.vn/index.php/user/info",
            "balance_at": "/data/balance",
            "balance_low": 200_000,
            # 1 to 63 is tried again by the provider itself.
            "report_id": "/tranId",
            "report_at": "/status",
            "delivered": "^0$",
            "undelivered": r"^(6[4-9]|[7-9]\d|\d{3,})$",
        },
    },
    "vietguys": {
        "channel": "sms",
        "name": "VietGuys",
        "settings": {
            "url": "https://cloudsms.vietguys.biz:4438/api/index.php",
            "encoding": "form",
            "body": {
                "u": "{secret.user}",
                "pwd": "{secret.passcode}",
                "from": "{sender}",
                "phone": "{to}",
                "sms": "{text}",
                "bid": "{id}",
                "type": "0",
                "json": "1",
            },
            "at": "/error",
            "success": '^"?0"?$',
            "permanent": '^"?-(3|12)"?$',
            "id_at": "/msgid",
        },
    },
    "soap": {
        "channel": "sms",
        "name": "Viettel, VNPT (SOAP)",
        "settings": {
            "url": "http://ams.tinnhanthuonghieu.vn:8009/bulkapi",
            "encoding": "raw",
            "headers": {"SOAPAction": '""'},
            "body": _SOAP,
            "at": "<result>(-?\\d+)</result>",
            "success": "^1$",
        },
    },
    "stringee": {
        "channel": "voice",
        "name": "Stringee",
        "settings": {
            "url": "https://api.stringee.com/v1/call2/callout",
            "headers": {"X-STRINGEE-AUTH": "{jwt}"},
            "jwt": "stringee",
            "body": {
                "from": {"type": "external", "number": "{sender}", "alias": "{sender}"},
                "to": [{"type": "external", "number": "{to}", "alias": "{to}"}],
                "actions": [
                    {"action": "talk", "text": "{text}", "bargeIn": True},
                    {"action": "input", "eventUrl": "{callback}?as=scco", "timeout": 10, "submitOnHash": False},
                ],
            },
            "at": "/r",
            "success": "^0$",
            "id_at": "/call_id",
        },
    },
    "esms_voice": {
        "channel": "voice",
        "name": "eSMS",
        "settings": {
            "url": "https://rest.esms.vn/MainService.svc/json/SendMultipleMessage_V4_post_json/",
            "body": {
                "ApiKey": "{secret.api_key}",
                "SecretKey": "{secret.secret_key}",
                "Phone": "{to}",
                "Content": "{text}",
                "SmsType": "8",
                "IsUnicode": "1",
                "RequestId": "{id}",
            },
            "number": "0",
            "at": "/CodeResult",
            "success": "^(100|124)$",
            "permanent": "^(99|108|177)$",
            "id_at": "/SMSID",
        },
    },
    # Zalo's template messages (ZBS, ZNS before), as its documentation of the OA API has them: an application that is
    # linked to the official account, approved templates of tag 1 (transaction: sent at any hour), no link or number in
    # the words, the acknowledge page as the one button (https://…/a/<token>, …/b/<token>, …/p/me/<token>).
    "zalo": {
        "channel": "sms",
        "name": "Zalo (ZBS, ZNS)",
        "settings": {
            "url": "https://business.openapi.zalo.me/message/template",
            "headers": {"access_token": "{access}"},
            "oauth": "zalo",
            "token_url": "https://oauth.zaloapp.com/v4/oa/access_token",
            "templates": {
                "incident": {
                    "phone": "{to}",
                    "template_id": "000001",
                    "template_data": {
                        "code": "{code}",
                        "severity": "{severity}",
                        "asks": "{asks}",
                        "title": "{title}",
                        "unit": "{unit}",
                        "token": "{token}",
                    },
                    "tracking_id": "{id}",
                },
                "several": {
                    "phone": "{to}",
                    "template_id": "000002",
                    "template_data": {"count": "{count}", "codes": "{codes}", "token": "{token}"},
                    "tracking_id": "{id}",
                },
                "shift": {
                    "phone": "{to}",
                    "template_id": "000003",
                    "template_data": {
                        "shift": "{shift}",
                        "when": "{when}",
                        "unit": "{unit}",
                        "token": "{token}",
                    },
                    "tracking_id": "{id}",
                },
            },
            "at": "/error",
            "success": "^0$",
            # 124, 216, 220: the access token; 100 to 107, 115, 135, 144, 147…: Zalo, the application, money or quota.
            # Everything else is about this number or this template: no Zalo account, cannot receive, not approved.
            "ended": "^-(124|216|220)$",
            "elsewhere": r"^-(?!(?:10[0-7]|115|135|144|147\d*)$)\d+$",
            "id_at": "/data/msg_id",
            "report_id": "/message/msg_id",
            "report_at": "/event_name",
            "delivered": "^user_received_message$",
            "balance_url": "https://business.openapi.zalo.me/message/quota",
            "balance_at": "/data/remainingQuota",
            "balance_low": 50,
        },
    },
    # A telephone with the app "SMS Gateway for Android" (sms-gate.app) in the same network, as its documentation tells
    # of its local server and of the events that it reports. Calls are told of by the app beside it of the same makers,
    # CallGate, which signs alike.
    "android": {
        "channel": "sms",
        "name": "Android (SMS Gateway)",
        "settings": {
            "url": "http://192.168.1.10:8080/message",
            "headers": {"Authorization": "Basic {secret.basic}"},
            "body": {"textMessage": {"text": "{text}"}, "phoneNumbers": ["{to}"], "withDeliveryReport": True},
            "number": "+84",
            "id_at": "/id",
            "report_id": "/payload/messageId",
            "report_at": "/event",
            "delivered": "^sms:delivered$",
            "undelivered": "^sms:failed$",
            "in_at": "/event",
            "in_text": "^sms:received$",
            "in_call": "^call:ringing$",
            "in_from": "/payload/sender /payload/phoneNumber",
            "in_words": "/payload/message",
            # Of the event: that of the text is made of its words, so that two of the same words share it.
            "in_id": "/id",
            "signing": "android",
            # No brand name: the number that it comes from can be answered.
            "text": "{code} muc {severity} buoc {step}: {title} - {unit}. Tra loi 1 hoac: {link}",
            "text_several": "{count} su co can tiep nhan: {codes}. Tra loi 1 hoac: {link}",
        },
    },
    "json_sms": {
        "channel": "sms",
        "name": "HTTP, JSON",
        "settings": {
            "url": "https://gateway.example/sms",
            "headers": {"Authorization": "Bearer {secret.token}", "Idempotency-Key": "{id}"},
            "body": {"to": "{to}", "text": "{text}", "id": "{id}", "report": "{report}"},
            "id_at": "/id",
            "report_id": "/id",
            "report_at": "/status",
            "delivered": "^delivered$",
            "undelivered": "^(failed|undelivered)$",
        },
    },
    "json_voice": {
        "channel": "voice",
        "name": "HTTP, JSON",
        "settings": {
            "url": "https://gateway.example/call",
            "headers": {"Authorization": "Bearer {secret.token}", "Idempotency-Key": "{id}"},
            "body": {"to": "{to}", "text": "{text}", "id": "{id}", "callback": "{callback}"},
            "id_at": "/id",
        },
    },
}
"""code → channel, name shown, settings of a ``Recipe``."""
