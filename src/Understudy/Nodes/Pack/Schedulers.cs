namespace WanTalk.Understudy.Nodes.Pack;

/// <summary>The schedulers of WanVideoSampler.</summary>
internal static class Schedulers
{
    public static readonly string[] Names =
    [
        "unipc", "unipc/beta", "dpm++", "dpm++/beta", "dpm++_sde", "dpm++_sde/beta", "euler", "euler/beta", "longcat_distill_euler", "deis",
        "lcm", "lcm/beta", "res_multistep", "er_sde", "flowmatch_causvid", "flowmatch_distill", "flowmatch_pusa", "multitalk", "sa_ode_stable",
        "rcm", "vibt_unipc",
    ];
}
