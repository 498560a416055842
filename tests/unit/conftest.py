"""Makes the tests the same each time they run."""

from hypothesis import HealthCheck, settings

settings.register_profile(
    "mdvm",
    deadline=None,
    derandomize=True,
    database=None,
    suppress_health_check=[
        HealthCheck.too_slow,
        HealthCheck.filter_too_much,
        HealthCheck.data_too_large,
    ],
)
settings.load_profile("mdvm")
