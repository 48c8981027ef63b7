//! Makes a page believe in its screen.

use chromiumoxide::cdp::browser_protocol::emulation::{
    MediaFeature, SetDeviceMetricsOverrideParams, SetEmulatedMediaParams,
    SetFocusEmulationEnabledParams, SetTouchEmulationEnabledParams, SetUserAgentOverrideParams,
};
use chromiumoxide::error::CdpError;
use chromiumoxide::page::Page;

use super::Screen;

/// Sets the size of the window, in CSS pixels.
pub(super) async fn size(
    page: &Page,
    width: u32,
    height: u32,
    phone: bool,
) -> Result<(), CdpError> {
    let metrics = SetDeviceMetricsOverrideParams::new(width, height, 1.0, phone);
    page.execute(metrics).await?;
    Ok(())
}

/// Sets the colours and the motion that the system asks for.
pub(super) async fn scheme(page: &Page, dark: bool, still: bool) -> Result<(), CdpError> {
    let motion = if still { "reduce" } else { "no-preference" };
    let features = [
        ("prefers-color-scheme", if dark { "dark" } else { "light" }),
        ("prefers-reduced-motion", motion),
    ];
    let features = features.map(|(name, value)| MediaFeature::new(name, value));
    page.execute(SetEmulatedMediaParams::builder().features(features).build())
        .await?;
    Ok(())
}

/// Sets size, colours and language.
pub(super) async fn screen(page: &Page, screen: Screen) -> Result<(), CdpError> {
    let (width, height) = screen.size();
    let phone = !screen.wide;
    size(page, width, height, phone).await?;
    page.execute(SetTouchEmulationEnabledParams::new(phone))
        .await?;
    scheme(page, screen.dark, screen.still).await?;
    let mut agent = SetUserAgentOverrideParams::new(page.user_agent().await?);
    agent.accept_language = Some(screen.lang.to_string());
    page.execute(agent).await?;
    // Of several windows only one has the focus; each journey must have it.
    page.execute(SetFocusEmulationEnabledParams::new(true))
        .await?;
    Ok(())
}
