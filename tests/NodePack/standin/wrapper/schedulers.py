"""Two schedulers of the kinds that the wrapper has: one that draws nothing, and one that draws noise in every step but the last."""

from __future__ import annotations

import torch

TIMESTEPS = (1000.0, 900.0, 700.0, 400.0, 0.0)


class Euler:
    """Follows the prediction; draws nothing."""

    def __init__(self) -> None:
        self.index = 0

    def sigma(self, index: int) -> float:
        return TIMESTEPS[index] / 1000

    def step(self, prediction: torch.Tensor, timestep: torch.Tensor, latent: torch.Tensor) -> torch.Tensor:
        now, following = self.sigma(self.index), self.sigma(self.index + 1)
        self.index += 1
        return latent + prediction * (following - now)


class Lcm(Euler):
    """Goes to the predicted picture and adds fresh noise, drawn from the sampler's generator."""

    def step(
        self, prediction: torch.Tensor, timestep: torch.Tensor, latent: torch.Tensor, generator: torch.Generator | None = None
    ) -> torch.Tensor:
        now, following = self.sigma(self.index), self.sigma(self.index + 1)
        self.index += 1
        picture = latent - now * prediction
        if following == 0:
            return picture
        fresh = torch.randn(latent.shape, generator=generator, dtype=torch.float32)
        return (1 - following) * picture + following * fresh.to(latent)


def create(name: str) -> Euler:
    return {"flowmatch_distill": Euler, "lcm": Lcm}[name]()
