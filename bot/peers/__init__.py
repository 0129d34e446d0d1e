"""Peers: officers who agreed to be asked, found, asked and introduced; and everybody's own data."""

from bot.peers.broker import Broker
from bot.peers.finding import without_peers

__all__ = ["Broker", "without_peers"]
