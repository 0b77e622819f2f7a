#!/usr/bin/env python3
"""A temperature sensor: takes one reading and sends it to the API with its client certificate.

Exit status: 0 the API stored the reading, 1 it was rejected, 2 the settings are wrong or the API did not
answer. Nothing is sent again: a sensor on a schedule has a newer reading soon.
"""

import argparse
import json
import os
import random
import sys
from datetime import datetime, timezone

import requests

TIMEOUT_SECONDS = 10
# A rejection is a short document; whatever else answers is not printed whole.
SHOWN_CHARACTERS_MAX = 500


class SimulatedInfraredSensor:
    """Stands in for a sensor on the device's bus: it invents a plausible temperature.

    A real one has the same method and reads the hardware in it.
    """

    def read_celsius(self):
        return round(random.uniform(36.1, 37.2), 2)


def main():
    # Lines come in their order also when they go into a log file.
    sys.stdout.reconfigure(line_buffering=True)
    options = read_options()
    reading = take_reading(SimulatedInfraredSensor(), options.temperature)
    body = json.dumps(reading)
    print("Request body:", body)
    try:
        response = requests.post(
            options.url,
            data=body,
            headers={"Content-Type": "application/json"},
            cert=client_certificate(options),
            verify=options.ca or True,
            timeout=TIMEOUT_SECONDS,
            # The shield never redirects, and a reading is nobody else's business.
            allow_redirects=False,
        )
    except OSError as error:
        # A connection that fails, a server that is not trusted, a certificate that cannot be read.
        print(f"Not sent: {error}", file=sys.stderr)
        return 2
    print("Response status code:", response.status_code)
    if response.status_code == 201:
        return 0
    print("Rejected:", explain(response), file=sys.stderr)
    return 1


def read_options():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument(
        "--url",
        default=os.environ.get("SENSOR_URL", "https://127.0.0.1:8443/temps"),
        help="the API (SENSOR_URL)",
    )
    parser.add_argument(
        "--cert", default=os.environ.get("SENSOR_CERT"), help="client certificate, PEM (SENSOR_CERT)"
    )
    parser.add_argument(
        "--key", default=os.environ.get("SENSOR_KEY"), help="its private key, PEM (SENSOR_KEY)"
    )
    parser.add_argument(
        "--ca",
        default=os.environ.get("SENSOR_CA"),
        help="certificate to trust the server with, PEM; absent: what this machine trusts (SENSOR_CA)",
    )
    parser.add_argument(
        "--temperature",
        type=float,
        default=os.environ.get("SENSOR_TEMPERATURE"),
        help="send this instead of what the sensor reads, degrees Celsius (SENSOR_TEMPERATURE)",
    )
    options = parser.parse_args()
    if bool(options.cert) != bool(options.key):
        parser.error("--cert and --key belong together")
    for path in (options.cert, options.key, options.ca):
        if path and not os.path.isfile(path):
            parser.error(f"there is no file {path}")
    return options


def take_reading(sensor, temperature):
    celsius = sensor.read_celsius() if temperature is None else temperature
    time = datetime.now(timezone.utc).strftime("%Y-%m-%dT%H:%M:%SZ")
    return {"temperature": str(celsius), "time": time}


def client_certificate(options):
    return (options.cert, options.key) if options.cert else None


def explain(response):
    """The reason that the answer gives (RFC 9457), with the id to look it up by in the shield's events."""
    try:
        problem = response.json()
    except ValueError:
        return response.text[:SHOWN_CHARACTERS_MAX]
    if not isinstance(problem, dict):
        return response.text[:SHOWN_CHARACTERS_MAX]
    text = f"{problem.get('title', 'no title')}: {problem.get('detail', 'no detail')}"
    return f"{text} (ray {problem['instance']})" if "instance" in problem else text


if __name__ == "__main__":
    sys.exit(main())
